import { Sleeper } from './sleeper.js';

/** Runs `work` at intervals, one run at a time. */
export class Repeater {
  private readonly sleeper = new Sleeper();
  private running: Promise<void> | undefined;
  private stopped = false;

  /** `work` handles its own errors. When it returns true, it runs again at once. */
  constructor(
    private readonly everyMs: number,
    private readonly work: () => Promise<boolean | void>,
  ) {}

  /** The first run begins after one interval. Extra calls do nothing. */
  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the present run has ended. No other begins. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.sleeper.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let again = false; !this.stopped; ) {
      if (!again) await this.sleeper.sleep(this.everyMs);
      again = !this.stopped && (await this.work()) === true;
    }
  }
}
