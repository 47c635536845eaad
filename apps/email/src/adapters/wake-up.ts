/** Sleepers that wake when their time is over or somebody calls. A call while nobody sleeps wakes the next at once. */
export class WakeUp {
  private readonly sleepers = new Set<() => void>();
  private missed = false;

  async wait(ms: number): Promise<void> {
    if (this.missed) {
      this.missed = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.sleepers.add(wake);
    });
  }

  one(): void {
    const [wake] = this.sleepers;
    if (wake) wake();
    else this.missed = true;
  }

  all(): void {
    for (const wake of [...this.sleepers]) wake();
  }
}
