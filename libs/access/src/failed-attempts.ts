const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;

interface Failures {
  readonly since: number;
  count: number;
}

/** Counts wrong tokens per address: whoever guesses has to wait. */
export class FailedAttempts {
  private readonly failures = new Map<string, Failures>();

  constructor(
    private readonly most: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Seconds that this address has to wait before its next token is looked at; 0: none. */
  secondsToWait(address: string): number {
    const failures = this.current(address);
    if (!failures || failures.count < this.most) return 0;
    return Math.ceil((failures.since + WINDOW_MS - this.now()) / 1_000);
  }

  /** Returns how many wrong tokens the address has sent within the minute. */
  add(address: string): number {
    const failures = this.current(address) ?? { since: this.now(), count: 0 };
    failures.count += 1;
    // The oldest goes, so that many addresses cannot fill the memory.
    if (!this.failures.has(address) && this.failures.size >= MOST_ADDRESSES) this.failures.delete(this.failures.keys().next().value!);
    this.failures.set(address, failures);
    return failures.count;
  }

  private current(address: string): Failures | undefined {
    const failures = this.failures.get(address);
    if (failures && this.now() - failures.since >= WINDOW_MS) this.failures.delete(address);
    return this.failures.get(address);
  }
}
