import type { Writable } from 'node:stream';

const PAUSE_MS = 5_000;

/**
 * Lets the process outlive a disk that has no room for its log: lines are counted instead of written, and told when there is
 * room again. A reader that has gone (EPIPE) ends the process as before: it is the supervisor, and nobody else would.
 */
export class SteadyOutput {
  private lost = 0;
  private waiting = false;

  /** `tell` writes one line to the stream. */
  constructor(
    stream: Writable,
    private readonly tell: (notice: string) => void,
  ) {
    stream.on('error', (error: NodeJS.ErrnoException) => this.lose(error));
  }

  private lose(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE') throw error;
    this.lost += 1;
    if (this.waiting) return;
    this.waiting = true;
    setTimeout(() => this.tryAgain(error), PAUSE_MS).unref();
  }

  /** The notice is the attempt: when it is lost too, it reports itself and the next one comes after another pause. */
  private tryAgain(error: Error): void {
    const missing = this.lost;
    this.lost = 0;
    this.waiting = false;
    this.tell(`the log is written again; ${missing} lines are missing here (${error.message})`);
    setImmediate(() => {
      if (this.lost > 0) this.lost += missing - 1;
    });
  }
}
