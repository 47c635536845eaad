import { describeFailure, EVENTING_OPTIONS, EventingError } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OutboxModuleOptions } from '../outbox.options.js';
import { RING_SLOTS } from './ring.js';
import { unpublished } from './unpublished.sql.js';

/** How far writers may be ahead of what is known of the outbox. */
const LOOK_EVERY_MS = 1_000;
const SIZES = Array.from({ length: RING_SLOTS }, (_, slot) => `pg_table_size('nestbox.outbox_${slot}')`);
const BYTES = `SELECT (${SIZES.join(' + ')})::float8 AS bytes`;
const DEFAULTS = { maxBytes: 1024 ** 3, resumeBelow: 10_000 };

/**
 * Keeps an outbox that nobody empties from filling the disk: above the cap whoever wants to write is sent away, and let in
 * again when little is left to publish. Tables are only emptied whole, so their size alone says too much by then.
 */
@Injectable()
export class OutboxCapacity implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Outbox');
  private readonly maxBytes: number;
  private readonly resumeBelow: number;
  private full = false;
  private lookedAt = 0;
  private again: NodeJS.Timeout | undefined;

  constructor(
    @Inject(EVENTING_OPTIONS) { outbox }: OutboxModuleOptions,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {
    const { maxBytes, resumeBelow } = { ...DEFAULTS, ...outbox };
    [this.maxBytes, this.resumeBelow] = [maxBytes, resumeBelow];
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.again);
  }

  /** Throws OUTBOX_FULL. Costs no more than a look at the clock. */
  refuseWhenFull(): void {
    if (performance.now() - this.lookedAt > LOOK_EVERY_MS) void this.look();
    if (!this.full) return;
    throw new EventingError('OUTBOX_FULL', 'The outbox is full: what was written before has not been published yet.');
  }

  private async look(): Promise<void> {
    this.lookedAt = performance.now();
    try {
      const wasFull = this.full;
      this.full = await this.isFull();
      if (this.full && !wasFull) this.logger.error(`The outbox is above ${this.maxBytes} bytes: writes are refused until it is emptied.`);
      if (!this.full && wasFull) this.logger.log('The outbox has room again.');
    } catch (error) {
      // Whoever writes finds out about the database by themselves.
      this.logger.debug(`The outbox could not be measured: ${describeFailure(error).message}`);
    }
    clearTimeout(this.again);
    if (this.full) this.again = setTimeout(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  private async isFull(): Promise<boolean> {
    const [size] = await this.dataSource.query<{ bytes: number }[]>(BYTES);
    if (size!.bytes < this.maxBytes) return false;
    const [{ waiting } = { waiting: 0 }] = await this.dataSource.query<{ waiting: number }[]>(
      `SELECT count(*)::int AS waiting FROM (SELECT 1 ${unpublished} LIMIT $1) few`,
      [this.resumeBelow],
    );
    return waiting >= this.resumeBelow;
  }
}
