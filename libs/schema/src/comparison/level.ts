import type { CompatibilityLevel } from '@nestbox/kernel';

/** What a change must not break: new readers with old data (backward), old readers with new data (forward), or both. */
export const COMPATIBILITY_LEVELS = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const satisfies readonly CompatibilityLevel[];

export function isLevel(text: unknown): text is CompatibilityLevel {
  return (COMPATIBILITY_LEVELS as readonly unknown[]).includes(text);
}

export function demandsOf(level: CompatibilityLevel): { backward: boolean; forward: boolean; transitive: boolean } {
  const full = level.startsWith('FULL');
  return {
    backward: full || level.startsWith('BACKWARD'),
    forward: full || level.startsWith('FORWARD'),
    transitive: level.endsWith('_TRANSITIVE'),
  };
}
