import { describeFailure, EVENTING_OPTIONS, EventingError } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OutboxModuleOptions } from '../outbox.options.js';
import { RING_SLOTS } from './ring.js';
import { unpublished } from './unpublished.sql.js';

/** How stale the size check may be. */
const CHECK_EVERY_MS = 1_000;
const SIZES = Array.from({ length: RING_SLOTS }, (_, slot) => `pg_table_size('nestbox.outbox_${slot}')`);
const BYTES = `SELECT (${SIZES.join(' + ')})::float8 AS bytes`;
const DEFAULTS = { maxBytes: 1024 ** 3, resumeBelow: 10_000 };

/**
 * Stops an outbox that is not emptied from filling the disk. Writes are refused above `maxBytes`, and accepted again when few
 * events wait. The size alone is not enough for that: tables are emptied only as a whole, so it falls late.
 */
@Injectable()
export class OutboxCapacity implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Outbox');
  private readonly maxBytes: number;
  private readonly resumeBelow: number;
  private full = false;
  private checkedAt = 0;
  private again: NodeJS.Timeout | undefined;

  constructor(
    @Inject(EVENTING_OPTIONS) { outbox }: OutboxModuleOptions,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {
    const { maxBytes, resumeBelow } = { ...DEFAULTS, ...outbox };
    [this.maxBytes, this.resumeBelow] = [maxBytes, resumeBelow];
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.check();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.again);
  }

  /** Throws OUTBOX_FULL. Cheap: it only reads the clock. */
  refuseWhenFull(): void {
    if (performance.now() - this.checkedAt > CHECK_EVERY_MS) void this.check();
    if (!this.full) return;
    throw new EventingError('OUTBOX_FULL', 'The outbox is full: too many events wait to be published.');
  }

  private async check(): Promise<void> {
    this.checkedAt = performance.now();
    try {
      const wasFull = this.full;
      this.full = await this.isFull();
      if (this.full && !wasFull) this.logger.error(`The outbox is above ${this.maxBytes} bytes: writes are refused until it is emptied.`);
      if (!this.full && wasFull) this.logger.log('The outbox has room again.');
    } catch (error) {
      // Not an error here: a write fails by itself while the database is down.
      this.logger.debug(`The outbox could not be measured: ${describeFailure(error).message}`);
    }
    clearTimeout(this.again);
    if (this.full) this.again = setTimeout(() => void this.check(), CHECK_EVERY_MS).unref();
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
