/** Interruptible sleep. `wake` and `wakeOne` are bound, so that they can be passed as listeners. */
export class Sleeper {
  private readonly asleep = new Set<() => void>();
  private missed = false;

  /** Ends after `ms`, when woken, or at once when an earlier `wakeOne` found no sleeper. */
  async sleep(ms: number): Promise<void> {
    if (this.missed) {
      this.missed = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.asleep.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.asleep.add(end);
    });
  }

  /** Wakes all current sleepers. It has no effect on later sleeps, so check for work before you sleep. */
  readonly wake = (): void => {
    for (const end of [...this.asleep]) end();
  };

  /** Wakes the longest sleeper; without one, the next sleep ends at once. */
  readonly wakeOne = (): void => {
    const [end] = this.asleep;
    if (end) end();
    else this.missed = true;
  };
}
