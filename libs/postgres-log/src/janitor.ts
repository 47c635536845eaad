import type { BrokerLog } from '@nestbox/messaging';
import { COMPACT, GROWN_PARTITIONS } from './compaction.sql.js';
import type { LogPool } from './log-pool.js';
import { EXPIRED_PARTITIONS, TRIM } from './records.sql.js';

const INTERVAL_MS = 60_000;
/** A trim locks its partition against appends: a thousand rows take a few milliseconds. */
const CHUNK = 1_000;

/**
 * Removes what is older than its topic's retention, and what later records have replaced. Every process runs one; their
 * row locks keep them apart.
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
    // Spread out, so that processes started together do not sweep together.
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.running = this.sweep()
        .catch((error) => this.report('Retention could not be applied, trying again', error))
        .then(() => this.start());
    }, INTERVAL_MS * (0.75 + Math.random() / 2));
    this.timer.unref();
  }

  /** One round over all partitions; public so that a test need not wait for the clock. */
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
