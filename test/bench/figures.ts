/** One line of the table: what was measured, as a share of its baseline in the same run. */
export interface Result {
  readonly name: string;
  readonly unit: string;
  /** The target in words and as a test; informative only: a benchmark never fails a build. */
  readonly target: string;
  readonly met: boolean;
  readonly rounds: readonly number[];
  readonly details: Readonly<Record<string, readonly number[]>>;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { min: sorted[0]!, median: percentile(sorted, 50), max: sorted[sorted.length - 1]! };
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!;
}

export function round(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

export function table(results: readonly Result[]): string {
  const rows = results.map(({ name, unit, target, met, rounds }) => {
    const { min, median, max } = spread(rounds);
    return [name, `${round(min)} / ${round(median)} / ${round(max)} ${unit}`, target, met ? 'met' : 'MISSED'];
  });
  const lines = [['what', 'min / median / max', 'target', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => line.map((cell, n) => cell.padEnd(widths[n]!)).join('  ').trimEnd()).join('\n');
}
