const REDRAW_MS = 100;
// Less often than on a terminal, because every line stays in a log file.
const LOG_EVERY_MS = 5_000;

/** Progress of a long command: one changing line on a terminal, elsewhere a line now and then. */
export class Progress {
  private drawn = false;
  private last = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Shows the current state in place of the previous one. */
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

  /** Prints a permanent line. */
  note(line: string): void {
    this.end();
    this.stream.write(`${line}\n`);
  }

  end(): void {
    if (this.drawn) this.stream.write('\r\u001b[K');
    this.drawn = false;
  }
}
