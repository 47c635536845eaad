/** The parts of `Prefer` (RFC 7240) that are used here. */
export interface Preference {
  /** Milliseconds; undefined when the header has none. */
  readonly waitMs: number | undefined;
  /** The caller prefers 202 to a stale answer. */
  readonly respondAsync: boolean;
}

/** Ignores what it cannot parse, as the standard demands. */
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
