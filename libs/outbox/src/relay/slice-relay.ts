import { setTimeout as pause } from 'node:timers/promises';
import { backOff } from '@nestbox/kernel';
import type { Sleeper } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';
import type { Lease } from './lease.js';
import type { RelayCursor, Window } from './relay-cursor.js';
import type { Publisher } from './publisher.js';
import type { RelayConnection } from './relay-connection.js';

export interface SliceRelaySettings {
  readonly batchSize: number;
  readonly pollMs: number;
  /** While true nothing is begun: rows wait where they are, under this lease. */
  readonly isPaused?: () => boolean;
  /** Called between the broker's acknowledgement and the mark. */
  readonly beforeMark?: () => Promise<void>;
  readonly onPublished?: (count: number) => void;
  /** The broker has not taken a batch; it is tried again. */
  readonly onFailure?: () => void;
}

/** How late a relay that was paused notices that it is not any more. */
const LOOK_AGAIN_MS = 250;

/**
 * Publishes one slice of the outbox in order while it holds the lease: reads the next window while the last is on its
 * way to the broker, and stores the position only after the broker has acknowledged everything before it.
 */
export class SliceRelay {
  private marking: Promise<void> = Promise.resolve();

  constructor(
    private readonly connection: RelayConnection,
    private readonly lease: Lease,
    private readonly publisher: Publisher,
    private readonly wakeUp: Sleeper,
    private readonly settings: SliceRelaySettings,
  ) {}

  /** Runs until `stopping()`; rejects with LEASE_LOST, or with the database's error when the connection is gone. */
  async run(stopping: () => boolean): Promise<void> {
    let window = await this.read(this.lease.start);
    while (!stopping()) {
      if (this.settings.isPaused?.()) {
        await this.rest(LOOK_AGAIN_MS);
        continue;
      }
      if (window.rows.length === 0) {
        window = await this.read(await this.idle(window));
        continue;
      }
      const ahead = this.read(window.next);
      // A failed read-ahead is met at its await below, after the batch in flight has been settled.
      ahead.catch(() => undefined);
      await this.publish(window, stopping);
      await this.mark(window.next);
      window = await ahead;
    }
    await this.marking;
  }

  private read(from: RelayCursor): Promise<Window> {
    return this.connection.read(from, this.lease.slice, this.settings.batchSize);
  }

  private async idle(window: Window): Promise<RelayCursor> {
    await this.rest(this.settings.pollMs);
    return window.next;
  }

  private async rest(ms: number): Promise<void> {
    await this.marking;
    if (this.lease.needsRenewal()) await this.lease.renew();
    await this.wakeUp.sleep(ms);
  }

  /** Tries the same batch again until the broker takes it: a later event must not overtake an earlier one. */
  private async publish(window: Window, stopping: () => boolean): Promise<void> {
    for (let failures = 0; ; failures++) {
      if (!this.lease.isTrusted()) await this.lease.renew();
      try {
        await this.publisher.publish(window.rows);
        this.settings.onPublished?.(window.rows.length);
        return;
      } catch (error) {
        if (stopping() || !(error instanceof EventingError)) throw error;
        this.settings.onFailure?.();
        await pause(backOff(failures, { firstMs: 50, longestMs: 2_000 }));
        while (this.settings.isPaused?.() && !stopping()) await this.rest(LOOK_AGAIN_MS);
        if (stopping()) throw error;
        await this.lease.renew();
      }
    }
  }

  /** At most one mark is under way; it overlaps with the next publish. */
  private async mark(position: RelayCursor): Promise<void> {
    await this.settings.beforeMark?.();
    await this.marking;
    this.marking = this.lease.mark(position);
    this.marking.catch(() => undefined);
  }
}
