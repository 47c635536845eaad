import { items, member } from './break.js';
import type { Break } from './break.js';

/** Why a writer's schema does not lie within a reader's; its path starts where the comparison started. */
export interface Gap {
  readonly kind: string;
  readonly path: string;
  readonly reason: (path: string) => string;
}

const MOST = 30;

export function gap(kind: string, path: string, reason: (path: string) => string): Gap {
  return { kind, path, reason };
}

/** The gaps of a part, as gaps of the whole. */
export function under(step: string, gaps: readonly Gap[]): Gap[] {
  return gaps.map((one) => ({ ...one, path: joined(step, one.path) }));
}

export const itemStep = (at: number | undefined) => (at === undefined ? items('') : `[${at}]`);

function joined(step: string, rest: string): string {
  if (rest === '') return step;
  return rest.startsWith('[') ? step + rest : member(step, rest);
}

/** Each once, the nearest first, and not more than somebody would read. */
export function distinct(gaps: readonly Gap[]): Gap[] {
  const byText = new Map<string, Gap>();
  for (const one of [...gaps].sort((a, b) => a.path.length - b.path.length)) {
    if (byText.size >= MOST) break;
    const key = `${one.kind} ${one.path} ${one.reason(one.path)}`;
    if (!byText.has(key)) byText.set(key, one);
  }
  return [...byText.values()];
}

export function asBreak({ kind, path, reason }: Gap): Break {
  return { kind, path, reason: reason(path) };
}
