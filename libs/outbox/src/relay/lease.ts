import { EventingError, isOfDeadProcess } from '@nestbox/messaging';
import type { RelayCursor } from './relay-cursor.js';
import type { RelayConnection, Slice } from './relay-connection.js';

export const CREATE_LEASES = `INSERT INTO nestbox.relay (slice, slices)
  SELECT s, $1::int FROM generate_series(0, $1::int - 1) s ON CONFLICT DO NOTHING`;

/**
 * Takes a lease that is free, expired, held by this process over a connection that broke, or by one of this host that is known
 * to have ended ($4), and raises its epoch. A database
 * restored from a dump has a lower transaction counter than `seen`: then all rows in the outbox count as unseen. That gives
 * duplicates, but loses nothing.
 */
const TAKE_LEASE = `UPDATE nestbox.relay SET
    holder = $2, epoch = epoch + 1, expires_at = clock_timestamp() + $3::int * interval '1 ms',
    seen = CASE WHEN restored THEN '3:3:'::pg_snapshot ELSE seen END,
    reading = CASE WHEN restored THEN NULL ELSE reading END
  FROM (SELECT pg_snapshot_xmax(seen) > pg_snapshot_xmax(pg_current_snapshot()) AS restored, slice AS s
        FROM nestbox.relay WHERE slice = $1) was
  WHERE slice = $1 AND s = slice AND (expires_at < clock_timestamp() OR holder IN ($2, $4))
  RETURNING epoch, slices, seen::text, reading::text, last_id, restored`;

const ADOPT_RESTORED_ROWS = `UPDATE nestbox.outbox SET tx = pg_current_xact_id()
  WHERE tx >= pg_snapshot_xmax(pg_current_snapshot())`;

/** Moves the cursor and renews the lease, only while the epoch is unchanged. */
const MARK = {
  name: 'nestbox-relay-mark',
  text: `UPDATE nestbox.relay SET seen = $4::pg_snapshot, reading = $5::pg_snapshot, last_id = $6::bigint,
      expires_at = clock_timestamp() + $3::int * interval '1 ms'
    WHERE slice = $1 AND epoch = $2`,
};

const RENEW = {
  name: 'nestbox-relay-renew',
  text: `UPDATE nestbox.relay SET expires_at = clock_timestamp() + $3::int * interval '1 ms'
    WHERE slice = $1 AND epoch = $2`,
};

const RELEASE = `UPDATE nestbox.relay SET expires_at = '-infinity', holder = NULL WHERE slice = $1 AND epoch = $2`;

/**
 * The right to publish one slice: a row with an epoch. A session lock is not enough, because it is freed when the backend is
 * terminated while the relay goes on. Every move of the cursor requires the same epoch.
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

  /** Undefined while another relay holds it. */
  static async take(connection: RelayConnection, slice: Slice, holder: string, ttlMs: number): Promise<Lease | undefined> {
    const before = performance.now();
    const dead = await deadHolder(connection, slice);
    const { rows } = await connection.query(TAKE_LEASE, [slice.index, holder, ttlMs, dead]);
    const row = rows[0];
    if (!row) return undefined;
    if (row.slices !== slice.of) {
      throw new EventingError(
        'LEASE_LOST',
        `This outbox was set up for ${row.slices} relay slices, but relay.slices says ${slice.of}: set it back.`,
      );
    }
    if (row.restored) await connection.query(ADOPT_RESTORED_ROWS);
    const start = { seen: row.seen, reading: row.reading, lastId: row.last_id };
    return new Lease(connection, slice, row.epoch, ttlMs, before + ttlMs, start);
  }

  /** Counts from before the last renewal was sent. Ends a tenth early, because clocks differ in speed. */
  isTrusted(): boolean {
    return performance.now() < this.trustedUntil - this.ttlMs / 10;
  }

  needsRenewal(): boolean {
    return performance.now() > this.trustedUntil - this.ttlMs * 0.6;
  }

  async renew(): Promise<void> {
    await this.guarded((values) => this.connection.prepared(RENEW, values));
  }

  /** Stores the cursor: everything before it is on the broker. Throws LEASE_LOST when the epoch has changed. */
  async mark(cursor: RelayCursor): Promise<void> {
    await this.guarded((values) =>
      this.connection.prepared(MARK, [...values, cursor.seen, cursor.reading, cursor.lastId]),
    );
  }

  async release(): Promise<void> {
    await this.connection.query(RELEASE, [this.slice.index, this.epoch]);
  }

  private async guarded(update: (values: unknown[]) => Promise<{ rowCount: number | null }>): Promise<void> {
    const before = performance.now();
    const { rowCount } = await update([this.slice.index, this.epoch, this.ttlMs]);
    if (rowCount !== 1) throw new EventingError('LEASE_LOST', 'Another relay has taken over this slice of the outbox.');
    this.trustedUntil = before + this.ttlMs;
  }
}

async function deadHolder(connection: RelayConnection, { index }: Slice): Promise<string | null> {
  const { rows } = await connection.query('SELECT holder FROM nestbox.relay WHERE slice = $1', [index]);
  const holder: string | null = rows[0]?.holder ?? null;
  return holder !== null && isOfDeadProcess(holder) ? holder : null;
}
