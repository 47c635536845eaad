export interface BackOff {
  /** Default 100. */
  readonly firstMs?: number;
  /** Default 5 000. */
  readonly longestMs?: number;
}

/** Milliseconds to wait after failure number `failures`, from 0: `firstMs`, doubling to `longestMs`. */
export function backOff(failures: number, { firstMs = 100, longestMs = 5_000 }: BackOff = {}): number {
  // The exponent is capped: after days of failures it would overflow.
  return Math.min(firstMs * 2 ** Math.min(failures, 30), longestMs);
}
