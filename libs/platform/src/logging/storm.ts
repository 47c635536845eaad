const WINDOW_MS = 10_000;
const MOST_KEYS = 100;

/** Lets the first of equal messages through and counts the rest until the window is over. */
export class Storm {
  private readonly seen = new Map<string, { since: number; told: number; held: number }>();

  /** `first`: so many of a window are let through. */
  constructor(private readonly first = 1) {}

  /**
   * How many equal ones have been held back since the last that was let through; undefined to hold this one back too.
   * `atEnd` is told how many were, when the window is over and none has come since that could have said so.
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
    // Texts come from outside: a storm of ever different ones may not fill the memory.
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
