import { isDeepStrictEqual } from 'node:util';

/** Overlays `whole` with the values of `part`; each list item overlays the first item of `whole`. */
export function overlaid(whole: unknown, part: unknown): unknown {
  if (part === undefined) return whole;
  if (Array.isArray(part)) return part.map((item) => overlaid(Array.isArray(whole) ? whole[0] : undefined, item));
  if (!isRecord(part)) return part;
  const under = isRecord(whole) ? whole : {};
  const names = [...new Set([...Object.keys(under), ...Object.keys(part)])];
  return Object.fromEntries(names.map((name) => [name, overlaid(under[name], part[name])]));
}

/** Describes the first difference: a value of `expected` that `actual` lacks or has otherwise. Extra values are allowed. */
export function differenceIn(actual: unknown, expected: unknown, path = ''): string | undefined {
  const at = path === '' ? 'the data' : `"${path}"`;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return `${at} is no list of ${expected.length}`;
    return first(expected.map((item, n) => differenceIn(actual[n], item, `${path}[${n}]`)));
  }
  if (isRecord(expected)) {
    if (!isRecord(actual)) return `${at} is missing`;
    return first(Object.keys(expected).map((name) => differenceIn(actual[name], expected[name], path === '' ? name : `${path}.${name}`)));
  }
  if (isDeepStrictEqual(actual, expected)) return undefined;
  return actual === undefined ? `${at} is missing` : `${at} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
}

function first(differences: readonly (string | undefined)[]): string | undefined {
  return differences.find((difference) => difference !== undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
