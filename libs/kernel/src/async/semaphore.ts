interface Waiter {
  readonly isGone: () => boolean;
  readonly enter: (admitted: boolean) => void;
}

/** Admits at most `free` holders at a time, in order of arrival. */
export class Semaphore {
  private queue: Waiter[] = [];

  constructor(private free: number) {}

  /** How many wait. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Resolves to false, without a place, when `isGone` says so as the turn comes. */
  async acquire(isGone: () => boolean = isHere): Promise<boolean> {
    if (this.free === 0) return new Promise((enter) => this.queue.push({ isGone, enter }));
    if (isGone()) return false;
    this.free -= 1;
    return true;
  }

  /** Passes the place directly to the longest waiter, so that no newcomer can overtake. */
  release(): void {
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const isGone = next.isGone();
      next.enter(!isGone);
      if (!isGone) return;
    }
    this.free += 1;
  }

  /** Sends those away whose turn has not come and who are gone. */
  dismissGone(): void {
    const gone = new Set(this.queue.filter(({ isGone }) => isGone()));
    if (gone.size === 0) return;
    this.queue = this.queue.filter((waiter) => !gone.has(waiter));
    for (const { enter } of gone) enter(false);
  }
}

const isHere = () => false;
