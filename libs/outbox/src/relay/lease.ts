import { EventingError } from '@nestbox/messaging';
import type { RelayCursor } from './relay-cursor.js';
import type { RelayConnection, Slice } from './relay-connection.js';
import * as sql from './relay.sql.js';

/**
 * The right to publish one slice, held by a row with an epoch. A session lock would not do: it is freed the moment a
 * backend is terminated while its holder goes on. Every move of the position is conditional on the epoch.
 */
export class Lease {
  private constructor(
    private readonly connection: RelayConnection,
    readonly slice: Slice,
    private readonly epoch: string,
    private readonly ttlMs: number,
    private trustedUntil: number,
    readonly start: RelayCursor,
  ) {}

  /** Undefined while somebody else holds it. */
  static async take(connection: RelayConnection, slice: Slice, holder: string, ttlMs: number): Promise<Lease | undefined> {
    const before = performance.now();
    const { rows } = await connection.query(sql.TAKE_LEASE, [slice.index, holder, ttlMs]);
    const row = rows[0];
    if (!row) return undefined;
    if (row.slices !== slice.of) {
      throw new EventingError(
        'LEASE_LOST',
        `This outbox was set up for ${row.slices} relay slices, but relay.slices says ${slice.of}: set it back.`,
      );
    }
    if (row.restored) await connection.query(sql.ADOPT_RESTORED_ROWS);
    const start = { seen: row.seen, reading: row.reading, lastId: row.last_id };
    return new Lease(connection, slice, row.epoch, ttlMs, before + ttlMs, start);
  }

  /** Trust is counted from before the last renewal was sent, and ends early by a tenth for the clocks' sake. */
  isTrusted(): boolean {
    return performance.now() < this.trustedUntil - this.ttlMs / 10;
  }

  needsRenewal(): boolean {
    return performance.now() > this.trustedUntil - this.ttlMs * 0.6;
  }

  async renew(): Promise<void> {
    await this.guarded((values) => this.connection.prepared(sql.RENEW, values));
  }

  /** Stores the position (everything before it is on the broker). Throws LEASE_LOST when the epoch has moved on. */
  async mark(position: RelayCursor): Promise<void> {
    await this.guarded((values) =>
      this.connection.prepared(sql.MARK, [...values, position.seen, position.reading, position.lastId]),
    );
  }

  async release(): Promise<void> {
    await this.connection.query(sql.RELEASE, [this.slice.index, this.epoch]);
  }

  private async guarded(update: (values: unknown[]) => Promise<{ rowCount: number | null }>): Promise<void> {
    const before = performance.now();
    const { rowCount } = await update([this.slice.index, this.epoch, this.ttlMs]);
    if (rowCount !== 1) throw new EventingError('LEASE_LOST', 'Another relay has taken this slice of the outbox over.');
    this.trustedUntil = before + this.ttlMs;
  }
}
