// What could forge a line, hide one or steer the terminal: everything shown may come from a stranger's message.
const UNSAFE = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu;

/** Text from anywhere as one line that a terminal only shows. */
export function plain(value: unknown): string {
  return String(value ?? '').replace(UNSAFE, ' ');
}

/** Columns under their headings; `none` when there is no row. */
export function table(headings: readonly string[], rows: readonly (readonly unknown[])[], none: string): string {
  if (rows.length === 0) return none;
  const lines = [headings, ...rows].map((row) => row.map(plain));
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `name  value` lines; what has no value is left out. */
export function fields(pairs: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(pairs).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const width = Math.max(...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${name.padEnd(width)}  ${plain(value)}`).join('\n');
}
