/** The part of Node's HTTP response that is used here. */
export interface LineResponse {
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  setHeader(name: string, value: string): unknown;
  write(text: string): boolean;
  end(text?: string): unknown;
  on(event: 'close', listener: () => void): unknown;
}

const LINE_EVERY_MS = 500;
/** Shorter than the idle timeout of common proxies. */
const KEEP_ALIVE_MS = 5_000;

/** A response that reports progress: one JSON object per line, the last with `"done"`. */
export class LineStream {
  /** Aborted when the client disconnects, or by `stop`. The work should then end between two steps. */
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private last = 0;
  private state: object = {};
  private keepAlive: NodeJS.Timeout | undefined;

  constructor(private readonly response: LineResponse) {
    this.signal = this.controller.signal;
    response.on('close', () => {
      clearInterval(this.keepAlive);
      if (!response.writableFinished) this.controller.abort();
    });
  }

  stop(): void {
    this.controller.abort();
  }

  /** Sends the state, at most twice a second; repeats it every 5 s while nothing changes. */
  say(state: object): void {
    this.state = state;
    const now = performance.now();
    if (this.last !== 0 && now - this.last < LINE_EVERY_MS) return;
    this.write();
    this.keepAlive ??= setInterval(() => this.write(), KEEP_ALIVE_MS);
  }

  end(result: object): void {
    clearInterval(this.keepAlive);
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
