import type { Position } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CommitNotifier } from './commit-notifier.js';
import { lookUp } from './membership.js';
import type { Expected } from './membership.js';
import type { Waitable } from './waitable.js';
import { nameOf, WaitingRoom } from './waiting-room.js';
import type { Waiter } from './waiting-room.js';

/** How late an event can be noticed when its signal was lost. */
const LOOK_MS = 500;
/** Beyond this many events waited for in one process nobody waits: everybody gets the answer that is there. */
const MOST_WAITED_FOR = 100_000;
export const LONGEST_WAIT_MS = 30_000;

/**
 * `applied`: every handler has every event that it takes. `late`: not within the limit. `parked`: one of them waits for
 * an operator, so that waiting on would not help.
 */
export interface WaitOutcome {
  readonly state: 'applied' | 'late' | 'parked';
  /** What was still missing, or parked. */
  readonly missing: readonly Expected[];
}

export interface WaitLimits {
  /** At most 30 000 ms. */
  readonly timeoutMs: number;
  /** Ends the wait early, as late. */
  readonly signal?: AbortSignal;
}

/**
 * Waits until handlers of this context have committed events: those very events, whatever came before or after them. An
 * event of a type that a handler does not take is not waited for.
 */
@Injectable()
export class ProjectionWaits implements OnModuleDestroy {
  private readonly logger = new Logger('Waits');
  private readonly open = new Set<() => void>();
  private readonly room: WaitingRoom;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(DataSource) dataSource: DataSource,
    @Inject(CommitNotifier) private readonly signal: CommitNotifier,
  ) {
    this.room = new WaitingRoom(
      (expected) => lookUp(dataSource, expected),
      (error) => this.logger.warn(`Waits could not be looked up, trying again: ${(error as Error).message}`),
    );
  }

  async until(position: Position, handlers: readonly Waitable[], { timeoutMs, signal }: WaitLimits): Promise<WaitOutcome> {
    const missing = new Map<string, Expected>();
    for (const { id, eventTypes } of handlers) {
      for (const { eventId, eventType } of position) {
        if (eventType !== undefined && !eventTypes.has(eventType)) continue;
        const expected = { handler: id, eventId };
        missing.set(nameOf(expected), expected);
      }
    }
    if (missing.size === 0) return { state: 'applied', missing: [] };
    const full = this.room.size >= MOST_WAITED_FOR;
    return this.wait(missing, full ? 0 : Math.min(timeoutMs, LONGEST_WAIT_MS), signal);
  }

  /** Ends every wait, so that no answer is owed when the app closes. */
  onModuleDestroy(): void {
    for (const end of this.open) end();
    clearInterval(this.timer);
  }

  private wait(missing: Map<string, Expected>, timeoutMs: number, signal?: AbortSignal): Promise<WaitOutcome> {
    return new Promise((resolve) => {
      const settle = (outcome: WaitOutcome): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.open.delete(giveUp);
        this.room.leave(waiter);
        resolve(outcome);
      };
      const giveUp = () => settle({ state: 'late', missing: [...missing.values()] });
      const end: Waiter['end'] = (parked) =>
        settle(parked ? { state: 'parked', missing: [parked] } : { state: 'applied', missing: [] });
      const waiter: Waiter = { missing, end };
      const timer = setTimeout(giveUp, timeoutMs);
      signal?.addEventListener('abort', giveUp);
      this.open.add(giveUp);
      this.room.enter(waiter);
      this.keepLooking();
      if (signal?.aborted) giveUp();
    });
  }

  private keepLooking(): void {
    if (this.timer) return;
    this.signal.connect(
      (handler, eventIds) => this.room.heard(handler, eventIds),
      () => this.room.heardSomething(),
    );
    void this.signal.waiting();
    this.timer = setInterval(() => {
      if (this.room.size === 0) return;
      void this.signal.waiting();
      this.room.heardSomething();
    }, LOOK_MS);
    this.timer.unref();
  }
}
