const REDRAW_MS = 100;
// In a log file every line stays: there they come more rarely.
const LOG_EVERY_MS = 5_000;

/** What a long command tells on the way, on one line of a terminal or as a line now and then. */
export class Progress {
  private drawn = false;
  private last = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** The present state; replaces the one before. */
  say(state: string): void {
    const now = performance.now();
    if (this.last !== 0 && now - this.last < (this.stream.isTTY ? REDRAW_MS : LOG_EVERY_MS)) return;
    this.last = now;
    if (!this.stream.isTTY) {
      this.stream.write(`${state}\n`);
      return;
    }
    this.stream.write(`\r\u001b[K${state.slice(0, this.stream.columns - 1)}`);
    this.drawn = true;
  }

  /** A line that stays. */
  note(line: string): void {
    this.end();
    this.stream.write(`${line}\n`);
  }

  end(): void {
    if (this.drawn) this.stream.write('\r\u001b[K');
    this.drawn = false;
  }
}
