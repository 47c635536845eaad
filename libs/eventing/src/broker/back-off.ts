/** Milliseconds before try number `attempt` (from 0): 100 doubling to 5 000. */
export function backOff(attempt: number): number {
  return Math.min(100 * 2 ** Math.min(attempt, 10), 5_000);
}

/** A pause that somebody may cut short. */
export class Pause {
  private wake: (() => void) | undefined;

  async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }

  cut(): void {
    this.wake?.();
  }
}
