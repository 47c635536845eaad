/** What is used of an HTTP response of Node. */
export interface LineResponse {
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  setHeader(name: string, value: string): unknown;
  write(text: string): boolean;
  end(text?: string): unknown;
  on(event: 'close', listener: () => void): unknown;
}

const LINE_EVERY_MS = 500;
/** Below every proxy's patience with a silent connection. */
const BREATH_MS = 5_000;

/** An answer that grows while the work goes on: one JSON per line, the last with `"done"`. */
export class LineStream {
  /** Aborted when the asker has gone, or by `stop`: whoever works for them stops between two steps. */
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private last = 0;
  private state: object = {};
  private breath: NodeJS.Timeout | undefined;

  constructor(private readonly response: LineResponse) {
    this.signal = this.controller.signal;
    response.on('close', () => {
      clearInterval(this.breath);
      if (!response.writableFinished) this.controller.abort();
    });
  }

  stop(): void {
    this.controller.abort();
  }

  /** Sends the state, at most twice a second, and again while nothing changes. */
  say(state: object): void {
    this.state = state;
    const now = performance.now();
    if (this.last !== 0 && now - this.last < LINE_EVERY_MS) return;
    this.write();
    this.breath ??= setInterval(() => this.write(), BREATH_MS);
  }

  /** The last line. */
  end(result: object): void {
    clearInterval(this.breath);
    this.open();
    this.response.end(`${JSON.stringify(result)}\n`);
  }

  private write(): void {
    this.last = performance.now();
    this.open();
    this.response.write(`${JSON.stringify(this.state)}\n`);
  }

  private open(): void {
    if (!this.response.headersSent) this.response.setHeader('Content-Type', 'application/x-ndjson');
  }
}
