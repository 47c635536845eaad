import type { BrokerLog } from '@nestbox/messaging';
import { COMPACT, GROWN_PARTITIONS } from './compaction.sql.js';
import type { LogPool } from './log-pool.js';
import { EXPIRED_PARTITIONS, TRIM } from './records.sql.js';

const INTERVAL_MS = 60_000;
/** Rows per trim. A trim blocks appends to its partition; a thousand rows take a few milliseconds. */
const CHUNK = 1_000;

/**
 * Removes expired records, and on compacted topics replaced ones. Every process runs one; row locks keep them from working on
 * the same partition.
 */
export class Janitor {
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: LogPool,
    private readonly report: BrokerLog,
  ) {}

  start(): void {
    if (this.timer || this.closed) return;
    // A random delay, so that processes that started together do not sweep at the same time.
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.running = this.sweep()
        .catch((error) => this.report('Retention could not be applied, trying again', error))
        .then(() => this.start());
    }, INTERVAL_MS * (0.75 + Math.random() / 2));
    this.timer.unref();
  }

  /** One round over all partitions. Public for tests. */
  async sweep(): Promise<void> {
    const { rows } = await this.pool.run(EXPIRED_PARTITIONS, []);
    for (const [id] of rows as [number][]) {
      let trimmed = CHUNK;
      while (trimmed === CHUNK && !this.closed) trimmed = (await this.pool.run(TRIM, [id, CHUNK])).count;
    }
    const grown = await this.pool.run(GROWN_PARTITIONS, []);
    for (const [id] of grown.rows as [number][]) if (!this.closed) await this.pool.run(COMPACT, [id]);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
  }
}
