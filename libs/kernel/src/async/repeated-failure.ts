const INTERVAL_MS = 30_000;
const MOST_CAUSES = 10;

/** The message without ids and numbers, which differ between messages of the same cause. */
export function gistOf(message: string): string {
  return message.replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\d+/gi, '#');
}

/**
 * Tells of something that is tried again until it works: each cause at once, then every half minute with the number of failures
 * in between, and finally that it works again.
 */
export class RepeatedFailure {
  private readonly toldAt = new Map<string, number>();
  private failures = 0;
  private held = 0;

  /** `what`: its name in the line that says that it works again. */
  constructor(
    private readonly what: string,
    private readonly tell: (line: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  failed(line: string): void {
    this.failures += 1;
    const cause = gistOf(line);
    const toldAt = this.toldAt.get(cause);
    if (toldAt === undefined ? this.toldAt.size >= MOST_CAUSES : this.now() - toldAt < INTERVAL_MS) {
      this.held += 1;
      return;
    }
    this.toldAt.set(cause, this.now());
    this.tell(this.held > 0 ? `${line} (and ${this.held} failures more before this one)` : line);
    this.held = 0;
  }

  worked(): void {
    if (this.failures === 0) return;
    const held = this.held > 0 ? `, ${this.held} of them not told` : '';
    this.tell(`${this.what} works again after ${this.failures} failures${held}`);
    this.toldAt.clear();
    this.failures = 0;
    this.held = 0;
  }
}
