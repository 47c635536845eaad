const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
// Shorter texts could be words such as "cafe" or years, and would match far too many orders.
const FEWEST_DIGITS = 6;

/** The lowest and highest order id with this prefix; undefined when the text is not a prefix of an id. */
export function orderIdRange(text: string): readonly [string, string] | undefined {
  const id = text.trim().toLowerCase();
  if (id.length < FEWEST_DIGITS || id.length > LOWEST.length) return undefined;
  const [first, last] = [id + LOWEST.slice(id.length), id + HIGHEST.slice(id.length)];
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(first) ? [first, last] : undefined;
}
