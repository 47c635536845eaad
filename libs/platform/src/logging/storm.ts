const WINDOW_MS = 10_000;
const MOST_KEYS = 100;

/** Passes the first of equal messages and counts the rest until the window ends. */
export class Storm {
  private readonly seen = new Map<string, { since: number; told: number; held: number }>();

  /** `first`: number of messages that pass per window. */
  constructor(private readonly first = 1) {}

  /**
   * Returns how many equal messages were suppressed since the last one that passed, or undefined to suppress this one too.
   * `atEnd` gets the number when the window ends without a further message to report it.
   */
  admit(key: string, now: number = Date.now(), atEnd?: (held: number) => void): number | undefined {
    const entry = this.seen.get(key);
    if (entry && now - entry.since < WINDOW_MS) {
      if (entry.told < this.first) {
        entry.told += 1;
        return 0;
      }
      entry.held += 1;
      if (entry.held === 1 && atEnd) this.tellAtEnd(entry, entry.since + WINDOW_MS - now, atEnd);
      return undefined;
    }
    // Untrusted texts may all differ: they must not fill the memory.
    if (!entry && this.seen.size >= MOST_KEYS) this.seen.clear();
    this.seen.set(key, { since: now, told: 1, held: 0 });
    return this.take(entry);
  }

  private tellAtEnd(entry: { held: number }, ms: number, atEnd: (held: number) => void): void {
    setTimeout(() => {
      const held = this.take(entry);
      if (held > 0) atEnd(held);
    }, ms).unref();
  }

  private take(entry: { held: number } | undefined): number {
    const held = entry?.held ?? 0;
    if (entry) entry.held = 0;
    return held;
  }
}
