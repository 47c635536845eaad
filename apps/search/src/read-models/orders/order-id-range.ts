const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
// Fewer digits would fit words such as "cafe" or years, and far too many orders.
const FEWEST_DIGITS = 6;

/** First and last order id that begins with this text; undefined when it is no beginning of one. */
export function orderIdRange(text: string): readonly [string, string] | undefined {
  const id = text.trim().toLowerCase();
  if (id.length < FEWEST_DIGITS || id.length > LOWEST.length) return undefined;
  const [first, last] = [id + LOWEST.slice(id.length), id + HIGHEST.slice(id.length)];
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(first) ? [first, last] : undefined;
}
