export interface BackOff {
  /** Default 100. */
  readonly firstMs?: number;
  /** Default 5 000. */
  readonly longestMs?: number;
  /** Share of a wait that chance may take off, so that many do not come at once. Default 0. */
  readonly spread?: number;
}

/** For whatever is away and comes back: noticed within a second, by all who wait not at the same moment. */
export const RECONNECT = { firstMs: 100, longestMs: 1_000, spread: 0.25 };

/** Milliseconds to wait after failure number `failures`, from 0: `firstMs`, doubling to `longestMs`. */
export function backOff(failures: number, { firstMs = 100, longestMs = 5_000, spread = 0 }: BackOff = {}): number {
  // The exponent is capped: after days of failures it would overflow.
  return Math.min(firstMs * 2 ** Math.min(failures, 30), longestMs) * (1 - spread * Math.random());
}
