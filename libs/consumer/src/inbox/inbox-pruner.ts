import { Repeater } from '@nestbox/kernel';
import { EVENTING_OPTIONS } from '@nestbox/messaging';
import type { MessagingOptions } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';

// UUIDs of version 7 start with their time, so old claims are a range of the primary key. Other versions, which only foreign
// producers use, do not contain a time: their claims are kept.
const PRUNE_CLAIMS = `DELETE FROM nestbox.inbox i USING (
    SELECT o.handler, o.event_id FROM nestbox.handlers h CROSS JOIN LATERAL (
      SELECT handler, event_id FROM nestbox.inbox
      WHERE handler = h.id AND event_id < $1::uuid AND substr(event_id::text, 15, 1) = '7' LIMIT 10000) o
  ) old WHERE i.handler = old.handler AND i.event_id = old.event_id`;

/** The lowest UUID of version 7 with this time. */
export function firstIdAt(timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

const EVERY_MS = 15_000;
const DAY_MS = 86_400_000;

/** Deletes old claims at intervals. It runs in every process; that several run at once does no harm. */
@Injectable()
export class InboxPruner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Inbox');
  private readonly pruning = new Repeater(EVERY_MS, () => this.prune());

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: MessagingOptions,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  onApplicationBootstrap(): void {
    this.pruning.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.pruning.stop();
  }

  /**
   * Deletes claims older than `rememberDays`, at most 10 000 per handler. An event that is delivered after its claim was
   * deleted is handled again, so claims must be kept longer than any topic keeps events.
   */
  async prune(): Promise<void> {
    const { rememberDays = 30 } = this.options;
    const before = firstIdAt(Date.now() - rememberDays * DAY_MS);
    await this.dataSource
      .query(PRUNE_CLAIMS, [before])
      .catch((error: Error) => this.logger.warn(`Old claims could not be deleted: ${error.message}`));
  }
}
