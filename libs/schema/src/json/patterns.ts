const made = new Map<string, RegExp | undefined>();
const KEPT = 1_000;

/** Whether the pattern is found in the text; undefined for a pattern of another language's expressions. */
export function matches(pattern: string, text: string): boolean | undefined {
  if (!made.has(pattern)) {
    if (made.size >= KEPT) made.clear();
    made.set(pattern, expression(pattern, 'u') ?? expression(pattern, ''));
  }
  return made.get(pattern)?.test(text);
}

function expression(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
