import { dataSourceOptions } from '@nestbox/database';
import { eventually } from '@nestbox/kernel/testing';
import { DataSource } from 'typeorm';
import { OutboxFixture } from '../../../../test/support/eventing/outbox.fixture.js';
import type { Session } from '../../../../test/support/eventing/outbox.fixture.js';
import { OtherProcess } from '../../../messaging/src/testing/contract/other-process.js';
import { emptySlots } from './janitor.js';
import { CREATE_LEASES, Lease } from './lease.js';
import { RelayConnection } from './relay-connection.js';

const ALL = { index: 0, of: 1 };
const PUBLISHED = { seen: '900:900:', reading: null, lastId: '0' };

describe('the right to publish a slice of the outbox', () => {
  let outbox: OutboxFixture;
  let first: RelayConnection;
  let second: RelayConnection;
  const connect = () => RelayConnection.open(outbox.url, () => undefined, () => undefined);

  beforeEach(async () => {
    outbox = await OutboxFixture.create();
    [first, second] = [await connect(), await connect()];
    await first.query(CREATE_LEASES, [1]);
  });
  afterEach(async () => {
    await Promise.all([first.close(), second.close()]);
    await outbox.drop();
  });

  it('is held by one relay at a time', async () => {
    expect(await Lease.take(first, ALL, 'first', 10_000)).toBeDefined();
    expect(await Lease.take(second, ALL, 'second', 10_000)).toBeUndefined();
  });

  it('passes on when its holder falls silent, and the old holder can move nothing any more', async () => {
    const stale = (await Lease.take(first, ALL, 'first', 50))!;
    const fresh = await eventually(async () => {
      const lease = await Lease.take(second, ALL, 'second', 10_000);
      expect(lease).toBeDefined();
      return lease!;
    });

    expect(stale.isTrusted()).toBe(false);
    await expect(stale.mark(PUBLISHED)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await expect(stale.renew()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await stale.release();
    expect(await Lease.take(first, ALL, 'third', 10_000)).toBeUndefined();
    await fresh.mark(PUBLISHED);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('passes on at once when the process of its holder was killed on this host, and not while that process stands still', async () => {
    const other = await OtherProcess.start();
    const stale = (await Lease.take(first, ALL, `shop:1:7f3a${other.mark}`, 60_000))!;
    other.standStill();
    expect(await Lease.take(second, ALL, 'second', 10_000)).toBeUndefined();
    expect(await other.kill()).toBe('SIGKILL');

    expect(await Lease.take(second, ALL, 'second', 10_000)).toBeDefined();
    expect(stale.isTrusted()).toBe(true);
    await expect(stale.mark(PUBLISHED)).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  it("outlives the termination of its holder's backend, where an advisory lock is freed at once", async () => {
    const admin = await outbox.session();
    const naive = await outbox.session();
    const [pid] = await naive.values('SELECT pg_backend_pid()');
    await naive.values('SELECT pg_advisory_lock(42)');
    await Lease.take(first, ALL, 'first', 10_000);
    const { rows } = await first.query('SELECT pg_backend_pid() AS pid');

    await admin.values('SELECT pg_terminate_backend($1::int), pg_terminate_backend($2::int)', [pid, rows[0].pid]);

    await eventually(async () => expect(await admin.values('SELECT pg_try_advisory_lock(42)')).toEqual(['true']));
    expect(await Lease.take(second, ALL, 'second', 10_000)).toBeUndefined();
  });

  it('starts where the last holder stopped', async () => {
    const writer = await outbox.session();
    await writer.writeMany(30);
    const lease = (await Lease.take(first, ALL, 'first', 10_000))!;
    const batch = await first.read(lease.start, ALL, 20);
    await lease.mark(batch.next);
    await lease.release();

    const successor = (await Lease.take(second, ALL, 'second', 10_000))!;
    const rest = await second.read(successor.start, ALL, 20);

    expect(rest.rows.map((row) => row[4])).toEqual(Array.from({ length: 10 }, (_, n) => `event ${n + 21}`));
  });

  it('refuses another number of slices than the outbox was set up for', async () => {
    await expect(Lease.take(second, { index: 0, of: 4 }, 'second', 10_000)).rejects.toThrow(/1 relay slices.*says 4/);
  });

  it('publishes again, rather than skip, what a database restored from a dump still holds', async () => {
    const writer = await outbox.session();
    await writer.write('order-1', 'restored');
    // As after a restore: cursors and rows have transaction ids above this server's counter.
    await writer.values(`UPDATE nestbox.relay SET seen = '999000:999000:'`);
    await writer.values(`UPDATE nestbox.outbox SET tx = '998000'`);

    const lease = (await Lease.take(first, ALL, 'first', 10_000))!;
    const batch = await first.read(lease.start, ALL, 1);
    const rest = await first.read(batch.next, ALL, 1);

    expect(batch.rows.map((row) => row[4])).toEqual(['restored']);
    expect(rest.rows).toEqual([]);
    expect((await first.read(rest.next, ALL, 1)).rows).toEqual([]);
  });
});

describe('emptying the ring', () => {
  let outbox: OutboxFixture;
  let relay: RelayConnection;
  let dataSource: DataSource;

  beforeEach(async () => {
    outbox = await OutboxFixture.create();
    relay = await RelayConnection.open(outbox.url, () => undefined, () => undefined);
    await relay.query(CREATE_LEASES, [1]);
    dataSource = await new DataSource(dataSourceOptions({ url: outbox.url })).initialize();
  });
  afterEach(async () => {
    await relay.close();
    await dataSource.destroy();
    await outbox.drop();
  });

  /** A time at which writers fill the third table. */
  const NOW = 2 * 60_000;
  const publishAll = async () => {
    const lease = (await Lease.take(relay, ALL, 'only', 10_000))!;
    const { next } = await relay.read(lease.start, ALL, 100);
    await lease.mark(next);
    await lease.release();
  };

  /**
   * An open transaction in any other database holds back xmin, and only a window with rows moves the cursor. So write one more
   * event after that transaction has ended.
   */
  const publishUntilSeen = (writer: Session) =>
    eventually(async () => {
      await writer.write('order-1', 'published');
      await publishAll();
      const seen = 'SELECT (pg_snapshot_xmin(seen) > (SELECT max(tx) FROM nestbox.outbox))::text FROM nestbox.relay';
      expect(await writer.values(seen)).toEqual(['true']);
    }, { timeoutMs: 30_000 });

  it('truncates a slot once all of it is published, and keeps one that is not', async () => {
    const writer = await outbox.session();
    await publishUntilSeen(writer);
    await writer.write('order-1', 'waiting', 1);
    await writer.write('order-1', 'newest', 2);

    expect(await emptySlots(dataSource, relay, NOW)).toBe(1);
    expect(await writer.values('SELECT value FROM nestbox.outbox ORDER BY id')).toEqual(['waiting', 'newest']);
  });

  it('leaves a slot alone while an open transaction has written to it', async () => {
    const [writer, open] = [await outbox.session(), await outbox.session()];
    await writer.write('order-1', 'published');
    await (await open.begin()).write('order-2', 'still open');
    await publishAll();

    expect(await emptySlots(dataSource, relay, NOW)).toBe(0);
    await open.commit();
    expect(await emptySlots(dataSource, relay, NOW)).toBe(0);
    expect(await writer.values('SELECT value FROM nestbox.outbox ORDER BY id')).toEqual(['published', 'still open']);
    await publishUntilSeen(writer);
    expect(await emptySlots(dataSource, relay, NOW)).toBe(1);
  });
});
