import { eventually } from '@nestbox/kernel/testing';
import { EventingError } from '@nestbox/messaging';
import type { OutgoingRecord } from '@nestbox/messaging';
import { InMemoryBroker, InMemoryLog } from '@nestbox/messaging/testing';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { OutboxSignal } from '../outbox/outbox-signal.js';

/** A broker that can be down, and that refuses chosen records. */
class MoodyBroker extends InMemoryBroker {
  away = false;
  attempts = 0;
  refuses: (record: OutgoingRecord) => boolean = () => false;

  override async publish(records: readonly OutgoingRecord[]): Promise<void> {
    this.attempts += 1;
    if (this.away) throw new EventingError('BROKER_UNAVAILABLE', 'The broker is away.');
    if (records.some(this.refuses)) throw new EventingError('PUBLISH_REFUSED', 'The record is too large.');
    await super.publish(records);
  }
}

describe('the relay', () => {
  const running: RunningContext[] = [];
  const start = async (options: Parameters<typeof RunningContext.start>[0]) => {
    const context = await RunningContext.start(options);
    running.push(context);
    return context;
  };
  afterEach(async () => {
    // The first one owns the database.
    for (const context of running.splice(0).reverse()) await context.stop();
  });

  const allOf = async ({ log }: InMemoryBroker) =>
    log.topic('checkout.orders')!.flatMap(({ records }) => records).map(({ key, value }) => ({
      key: key!.toString(),
      version: (JSON.parse(value!.toString()) as { aggregateVersion: number }).aggregateVersion,
    }));
  const versionsByKey = async (broker: InMemoryBroker, expected: number) => {
    const records = await eventually(async () => {
      const all = broker.log.topic('checkout.orders')!.flatMap(({ records }) => records);
      expect(all).toHaveLength(expected);
      return all;
    });
    const byKey = new Map<string, number[]>();
    for (const { key, value } of records) {
      const { aggregateVersion } = JSON.parse(value!.toString());
      byKey.set(key!.toString(), [...(byKey.get(key!.toString()) ?? []), aggregateVersion]);
    }
    return byKey;
  };

  it('in another process is woken by a commit, long before it would have polled', async () => {
    const log = new InMemoryLog();
    const writer = await start({ broker: new InMemoryBroker(log), relay: { enabled: false } });
    await start({ broker: new InMemoryBroker(log), relay: { pollMs: 60_000 }, database: writer.database });
    await writer.place(3);

    expect([...(await versionsByKey(new InMemoryBroker(log), 3)).values()]).toEqual([[1], [1], [1]]);
  });

  it('finds by polling what nobody woke it for', async () => {
    const broker = new InMemoryBroker();
    const writer = await start({ broker, relay: { pollMs: 50 } });
    const signal = writer.app.get(OutboxSignal, { strict: false });
    Object.assign(signal, { written: () => undefined });
    await writer.place(3);

    await versionsByKey(broker, 3);
  });

  it('lets writes go on while the broker is away, and delivers them all in order afterwards', async () => {
    const broker = new MoodyBroker();
    const shop = await start({ broker });
    broker.away = true;
    const orders = await shop.place(20);
    for (const order of orders) {
      order.cancel();
      await shop.save(order);
    }
    await eventually(() => expect(broker.attempts).toBeGreaterThan(1));
    expect(broker.log.topic('checkout.orders')!.flatMap(({ records }) => records)).toEqual([]);
    broker.away = false;

    const versions = await versionsByKey(broker, 40);
    for (const order of orders) expect(versions.get(order.id)).toEqual([1, 2]);
  });

  it('sets a refused event aside with everything later of its key, and all other keys flow on', async () => {
    const broker = new MoodyBroker();
    const shop = await start({ broker, relay: { pollMs: 50 } });
    const orders = await shop.place(1);
    await versionsByKey(broker, 1);
    broker.refuses = ({ key }) => key === orders[0]!.id;
    orders.push(...(await shop.place(10)));
    for (const order of orders) {
      order.cancel();
      await shop.save(order);
    }

    const versions = await versionsByKey(broker, 21);
    expect(versions.get(orders[0]!.id)).toEqual([1]);
    for (const order of orders.slice(1)) expect(versions.get(order.id)).toEqual([1, 2]);
    const aside = await shop.query<{ key: string; reason: string }>('SELECT key, reason FROM nestbox.refused');
    expect(aside).toEqual([{ key: orders[0]!.id, reason: 'The record is too large.' }]);
  });

  it('holds what comes later of a refused key, and so does the next relay; all other keys flow on', async () => {
    const broker = new MoodyBroker();
    const shop = await start({ broker, relay: { pollMs: 50 } });
    const [refused, other] = await shop.place(2);
    await versionsByKey(broker, 2);
    const cancelBoth = async () => {
      for (const order of [refused!, other!]) {
        order.cancel();
        await shop.save(order);
      }
    };
    const reasons = async () => (await shop.query<{ reason: string }>('SELECT reason FROM nestbox.refused ORDER BY id::bigint')).map(({ reason }) => reason);
    broker.refuses = ({ key }) => key === refused!.id;
    await cancelBoth();
    await eventually(async () => expect(await reasons()).toHaveLength(1));
    // What comes later would be accepted.
    broker.refuses = () => false;
    await cancelBoth();
    await versionsByKey(broker, 4);
    await shop.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'nestbox-relay'`);
    await cancelBoth();

    await eventually(async () => {
      const versions = (await allOf(broker)).filter(({ key }) => key === other!.id).map(({ version }) => version);
      expect(new Set(versions)).toEqual(new Set([1, 2, 3, 4]));
    });
    expect((await allOf(broker)).filter(({ key }) => key === refused!.id)).toEqual([{ key: refused!.id, version: 1 }]);
    const behind = 'an earlier event of this key was refused';
    expect(await reasons()).toEqual(['The record is too large.', behind, behind]);
  });

  it('leaves to the next relay what the broker has not acknowledged', async () => {
    const broker = new MoodyBroker();
    const relay = { leaseMs: 300, pollMs: 50 };
    const first = await start({ broker, relay });
    broker.away = true;
    await first.place(3);
    await eventually(() => expect(broker.attempts).toBeGreaterThan(1));
    await start({ broker: new InMemoryBroker(broker.log), relay, database: first.database });
    // It never hears from the broker: what it has marked stays marked.
    await first.app.close();

    expect([...(await versionsByKey(broker, 3)).values()]).toEqual([[1], [1], [1]]);
  });

  it.each([
    ['while the broker was away', 10_000, true],
    ['while it slept, its trust in the lease over', 300, false],
  ])('publishes nothing more once another has its lease, taken %s', async (_when, leaseMs, away) => {
    const broker = new MoodyBroker();
    const shop = await start({ broker, relay: { leaseMs, pollMs: 60_000 } });
    await shop.place(1);
    await versionsByKey(broker, 1);
    const sessions = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'nestbox-relay'`;
    const before = await shop.query(sessions);
    broker.away = away;
    const attempts = broker.attempts;
    if (away) {
      await shop.place(1);
      await eventually(() => expect(broker.attempts).toBeGreaterThan(attempts));
    }
    const taken = await shop.query<object>(`UPDATE nestbox.relay SET holder = 'another', epoch = epoch + 1,
      expires_at = clock_timestamp() + interval '1 hour'`);
    if (!away) {
      // Longer than the relay trusts its lease.
      await shop.query('SELECT pg_sleep(0.4)');
      await shop.place(1);
    }

    expect(taken).toEqual([[], 1]);
    // Its session ends, and begins anew without the lease.
    await eventually(async () => {
      const now = await shop.query(sessions);
      expect(now).toHaveLength(1);
      expect(now).not.toEqual(before);
    });
    broker.away = false;
    expect(await allOf(broker)).toHaveLength(1);
  });

  it('takes over the key buckets of a relay that is gone', async () => {
    const log = new InMemoryLog();
    const relay = { slices: 4, leaseMs: 500, pollMs: 50 };
    const first = await start({ broker: new InMemoryBroker(log), relay });
    const second = await RunningContext.start({ broker: new InMemoryBroker(log), relay, database: first.database });
    const orders = await first.place(20);
    await second.stop();
    for (const order of orders) {
      order.cancel();
      await first.save(order);
    }

    const versions = await versionsByKey(new InMemoryBroker(log), 40);
    for (const order of orders) expect(versions.get(order.id)).toEqual([1, 2]);
  });

  it('goes on at once when its database connection is terminated', async () => {
    const broker = new InMemoryBroker();
    const shop = await start({ broker });
    await shop.place(1);
    await versionsByKey(broker, 1);
    const terminated = await shop.query<{ ended: boolean }>(
      `SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'nestbox-relay'`,
    );
    await shop.place(5);

    expect(terminated).toEqual([{ ended: true }]);
    // The first event may come twice: it was published, but the cursor may not be stored yet.
    await eventually(() => {
      const records = broker.log.topic('checkout.orders')!.flatMap((partition) => partition.records);
      expect(new Set(records.map(({ key }) => key!.toString())).size).toBe(6);
    });
  });
});
