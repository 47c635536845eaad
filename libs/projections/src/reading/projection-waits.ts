import { marksOf } from '@nestbox/consumer';
import { EventingError } from '@nestbox/messaging';
import type { Position } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnModuleDestroy, Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CommitNotifier } from './commit-notifier.js';
import { lookUp } from './membership.js';
import type { Expected } from './membership.js';
import { nameOf, WaitingRoom } from './waiting-room.js';
import type { Waiter } from './waiting-room.js';

/** Longest delay until an event is noticed whose signal was lost. */
const LOOK_MS = 500;
/** Limit of awaited events in one process, for its memory. Beyond it nobody waits: callers get the current answer. */
const MOST_WAITED_FOR = 100_000;
export const LONGEST_WAIT_MS = 30_000;

/** A handler that can be waited for, and its event types. */
export interface Waitable {
  readonly id: string;
  readonly eventTypes: ReadonlySet<string>;
}

/**
 * `applied`: every handler has applied all its events. `late`: not within the time limit. `parked`: an event waits for an
 * operator, so waiting longer does not help.
 */
export interface WaitOutcome {
  readonly state: 'applied' | 'late' | 'parked';
  /** The events that are still missing, or parked. */
  readonly missing: readonly Expected[];
}

export interface WaitLimits {
  /** At most 30 000 ms. */
  readonly timeoutMs: number;
  /** Ends the wait early, as `late`. */
  readonly signal?: AbortSignal;
}

/**
 * Waits until handlers of this context have committed given events. Earlier and later events do not matter. Event types
 * that a handler does not handle are skipped.
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

  /** Ends every wait, so that all requests are answered when the app closes. */
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

/** The handlers in a class. Throws HANDLER_INVALID when there is none: a wait for it would always succeed. */
export function waitablesIn(handlers: Type): Waitable[] {
  const marks = marksOf(handlers);
  if (marks.length === 0) {
    throw new EventingError('HANDLER_INVALID', `${handlers.name} handles no event: name a class with @ProjectsEvent or @HandlesEvent.`);
  }
  return [...new Set(marks.map(({ id }) => id))].map((id) => ({
    id,
    eventTypes: new Set(marks.filter((mark) => mark.id === id).map(({ contract }) => contract.type)),
  }));
}
