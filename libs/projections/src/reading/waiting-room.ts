import type { Expected, Membership } from './membership.js';

export interface Waiter {
  readonly missing: Map<string, Expected>;
  /** Ends the wait; `parked` names the event that stopped it, if one did. */
  readonly end: (parked: Expected | undefined) => void;
}

/**
 * All waiters, indexed by the event and handler that they wait for. Calls `look` for an event when a waiter enters and when
 * a signal names it. Lookups are batched, one batch at a time.
 */
export class WaitingRoom {
  private readonly waiters = new Map<string, Set<Waiter>>();
  private readonly expected = new Map<string, Expected>();
  private questions = new Set<string>();
  private looking = false;

  constructor(
    private readonly look: (expected: readonly Expected[]) => Promise<Membership[]>,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Number of awaited pairs of event and handler. */
  get size(): number {
    return this.waiters.size;
  }

  enter(waiter: Waiter): void {
    for (const [name, expected] of waiter.missing) {
      const others = this.waiters.get(name);
      if (others) others.add(waiter);
      else this.waiters.set(name, new Set([waiter]));
      this.expected.set(name, expected);
      this.questions.add(name);
    }
    void this.lookUp();
  }

  leave(waiter: Waiter): void {
    for (const name of waiter.missing.keys()) {
      const others = this.waiters.get(name);
      others?.delete(waiter);
      if (others?.size === 0) this.forget(name);
    }
  }

  /** A handler has applied or parked these events; the database knows which. */
  heard(handler: string, eventIds: readonly string[]): void {
    for (const eventId of eventIds) {
      const name = nameOf({ handler, eventId });
      if (this.waiters.has(name)) this.questions.add(name);
    }
    if (this.questions.size > 0) void this.lookUp();
  }

  /** Signals may have been lost: looks up everything. */
  heardSomething(): void {
    for (const name of this.waiters.keys()) this.questions.add(name);
    if (this.questions.size > 0) void this.lookUp();
  }

  private async lookUp(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    // Collects everything of this turn of the event loop into one query.
    await Promise.resolve();
    while (this.questions.size > 0) {
      const names = [...this.questions].filter((name) => this.expected.has(name));
      this.questions = new Set();
      if (names.length === 0) break;
      try {
        const memberships = await this.look(names.map((name) => this.expected.get(name)!));
        for (const [at, name] of names.entries()) this.tell(name, memberships[at]!);
      } catch (error) {
        this.report(error);
      }
    }
    this.looking = false;
  }

  private tell(name: string, membership: Membership): void {
    if (membership === 'missing') return;
    const expected = this.expected.get(name);
    for (const waiter of this.waiters.get(name) ?? []) {
      if (membership === 'parked') {
        waiter.end(expected);
        continue;
      }
      waiter.missing.delete(name);
      if (waiter.missing.size === 0) waiter.end(undefined);
    }
    if (membership === 'applied') this.forget(name);
  }

  private forget(name: string): void {
    this.waiters.delete(name);
    this.expected.delete(name);
  }
}

export function nameOf({ handler, eventId }: Expected): string {
  return `${handler} ${eventId}`;
}
