/** One sleeper, woken early by `wake`; a wake that comes while nobody sleeps is kept for the next sleep. */
export class WakeUp {
  private woken = false;
  private resolve: (() => void) | undefined;

  wake = (): void => {
    this.woken = true;
    this.resolve?.();
  };

  async sleep(ms: number): Promise<void> {
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.resolve = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.resolve = undefined;
    this.woken = false;
  }
}
