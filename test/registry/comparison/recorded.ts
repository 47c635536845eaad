import type { Verdict } from './judge.js';
import type { Pair } from './pairs.js';

/** What Apicurio said of the pairs, from the root of the repository. */
export const RECORDED = 'test/registry/comparison/apicurio-3.3.3.json';

const LETTERS = { compatible: 'c', incompatible: 'i', refused: 'r' } as const;

/** A letter per pair, in its order, by format. */
export function folded(verdicts: readonly Verdict[], pairs: readonly Pair[]): Record<string, string> {
  const byFormat: Record<string, string> = {};
  for (const [n, { format }] of pairs.entries()) byFormat[format] = (byFormat[format] ?? '') + LETTERS[verdicts[n]!];
  return byFormat;
}

export function unfolded(recorded: Readonly<Record<string, string>>, pairs: readonly Pair[]): Verdict[] {
  const at: Record<string, number> = {};
  return pairs.map(({ format }) => {
    const letter = recorded[format]![(at[format] = (at[format] ?? -1) + 1)];
    const found = (Object.keys(LETTERS) as Verdict[]).find((verdict) => LETTERS[verdict] === letter);
    if (!found) throw new Error(`The record of ${format} is of other pairs: COMPARE_REGISTRIES=record writes it anew.`);
    return found;
  });
}
