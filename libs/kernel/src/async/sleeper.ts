/** Sleeps that somebody may cut short. Both ways of waking are bound, so that they can be given away as listeners. */
export class Sleeper {
  private readonly asleep = new Set<() => void>();
  private missed = false;

  /** Ends after `ms`, when woken, or at once when `wakeOne` found nobody asleep. */
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

  /** Wakes whoever sleeps now. Nothing is kept for later: who decides to sleep must look first whether to. */
  readonly wake = (): void => {
    for (const end of [...this.asleep]) end();
  };

  /** Wakes the one that has slept longest; while nobody sleeps, the next sleep ends at once instead. */
  readonly wakeOne = (): void => {
    const [end] = this.asleep;
    if (end) end();
    else this.missed = true;
  };
}
