import type { CompatibilityLevel } from '@nestbox/kernel';

/** A change of a schema and the level under which it is made: from the first text to the second. */
export type PlantedChange = readonly [what: string, level: CompatibilityLevel, from: string, to: string];

export interface Planted {
  readonly breaking: readonly PlantedChange[];
  readonly safe: readonly PlantedChange[];
}
