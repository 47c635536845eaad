import { setTimeout as pause } from 'node:timers/promises';
import { backOff, RECONNECT } from '@nestbox/kernel';
import type { Sleeper } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';
import type { Lease } from './lease.js';
import type { RelayCursor, Window } from './relay-cursor.js';
import type { Publisher } from './publisher.js';
import type { RelayConnection } from './relay-connection.js';

export interface SliceRelaySettings {
  readonly batchSize: number;
  readonly pollMs: number;
  /** While true, nothing is published. The relay keeps its lease. */
  readonly isPaused?: () => boolean;
  /** Called after the broker's acknowledgement and before the cursor is stored. */
  readonly beforeMark?: () => Promise<void>;
  readonly onPublished?: (count: number) => void;
  /** The broker did not accept a batch; the relay tries again. */
  readonly onFailure?: () => void;
}

/** How late, in ms, a relay notices that its pause has ended. */
const LOOK_AGAIN_MS = 250;

/**
 * Publishes one slice of the outbox in order while it holds the lease. Reads the next window while the last one is being
 * published. Stores the cursor only after the broker has acknowledged everything before it.
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

  /** Runs until `stopping()`. Rejects with LEASE_LOST, or with the database's error when the connection breaks. */
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
      // The error of a failed read-ahead is thrown at its await below, when the current batch has settled.
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

  /** Repeats the same batch until the broker accepts it: a later event must not overtake an earlier one. */
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
        await pause(backOff(failures, RECONNECT));
        while (this.settings.isPaused?.() && !stopping()) await this.rest(LOOK_AGAIN_MS);
        if (stopping()) throw error;
        await this.lease.renew();
      }
    }
  }

  /** At most one mark runs at a time; it overlaps with the next publish. */
  private async mark(cursor: RelayCursor): Promise<void> {
    await this.settings.beforeMark?.();
    await this.marking;
    this.marking = this.lease.mark(cursor);
    this.marking.catch(() => undefined);
  }
}
