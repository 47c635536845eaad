/** What a caller wishes for, out of `Prefer` (RFC 7240). */
export interface Preference {
  /** Milliseconds; undefined when the caller does not say. */
  readonly waitMs: number | undefined;
  /** Rather 202 than an answer that is out of date. */
  readonly respondAsync: boolean;
}

/** What cannot be read is no wish: the standard has servers ignore it. */
export function parsePrefer(header: string | undefined): Preference {
  const wishes = new Map(
    (header ?? '').split(',').map((wish) => {
      const [name = '', value = ''] = wish.split(';', 1)[0]!.split('=', 2);
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
    }),
  );
  const wait = wishes.get('wait');
  return {
    waitMs: wait !== undefined && /^\d{1,6}(\.\d{1,3})?$/.test(wait) ? Number(wait) * 1000 : undefined,
    respondAsync: wishes.has('respond-async'),
  };
}
