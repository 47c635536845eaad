import { eventually } from '@nestbox/kernel/testing';
import { Ledger } from '../../messaging/src/testing/contract/ledger.js';
import { LogFixture } from './log.fixture.js';

describe('The embedded log', () => {
  let log: LogFixture;

  beforeEach(async () => {
    log = await LogFixture.open();
  });
  afterEach(() => log.close());

  it('removes what is older than the retention and starts late groups behind it', async () => {
    const broker = await log.broker();
    await broker.ensureTopics([{ name: 'checkout.orders', partitions: 1, retentionMs: 60_000 }]);
    for (let batch = 0; batch < 3; batch++) {
      await broker.publish(Array.from({ length: 800 }, (_, i) => ({ topic: 'checkout.orders', key: 'order-1', value: `${batch * 800 + i}`, headers: {} })));
    }
    await log.sql.query('UPDATE log.records SET timestamp_ms = timestamp_ms - 61000 WHERE "offset" < 1500');
    await broker.janitor.sweep();
    const { rows } = await log.sql.query('SELECT count(*)::int AS left, min("offset")::int AS first FROM log.records');
    expect(rows).toEqual([{ left: 900, first: 1500 }]);
    const ledger = new Ledger();
    await broker.subscribe({ group: 'search', topics: ['checkout.orders'], handler: ledger.keep() });
    await eventually(() => expect(ledger.records).toHaveLength(900));
    expect(ledger.values()[0]).toBe('1500');
  });

  it('keeps of a compacted topic the last record of each key, and is read across the holes', async () => {
    const broker = await log.broker();
    await broker.ensureTopics([{ name: 'checkout.orders.state', partitions: 1, cleanup: 'compact', retentionMs: 1 }]);
    const publish = (round: number) =>
      broker.publish(
        Array.from({ length: 400 }, (_, i) => ({
          topic: 'checkout.orders.state', key: `order-${i}`, value: round === 2 && i < 100 ? null : `${round}-${i}`, headers: {},
        })),
      );
    for (const round of [0, 1, 2, 3]) {
      if (round === 3) await log.sql.query('UPDATE log.records SET timestamp_ms = timestamp_ms - 90000000');
      await publish(round);
    }
    await broker.janitor.sweep();
    const { rows } = await log.sql.query('SELECT "offset"::int AS at FROM log.records ORDER BY 1');
    // The records of the third round without a tombstone, and all of the fourth, which is too young.
    expect(rows.map(({ at }) => at)).toEqual(Array.from({ length: 700 }, (_, n) => 900 + n));
    const ledger = new Ledger();
    const group = { group: 'search', topics: ['checkout.orders.state'], handler: ledger.keep() };
    await broker.subscribe({ ...group, maxBatch: 50 });
    await eventually(() => expect(ledger.records).toHaveLength(700));
    expect((await broker.lag('search', group.topics))[0]).toMatchObject({ lag: 0 });
  });

  it('refuses to read on when retention has overtaken a group, says so, and serves the other partitions', async () => {
    const broker = await log.broker();
    await broker.ensureTopics([{ name: 'checkout.orders', partitions: 2, retentionMs: 60_000 }]);
    const orders = Array.from({ length: 20 }, (_, i) => ({ topic: 'checkout.orders', key: `order-${i}`, value: `${i}`, headers: {} }));
    await broker.publish(orders);
    const before = new Ledger();
    const first = await broker.subscribe({ group: 'email', topics: ['checkout.orders'], handler: before.keep() });
    await eventually(() => expect(before.records).toHaveLength(20));
    await first.stop();
    await broker.publish(orders);
    await log.sql.query(`
      UPDATE log.records SET timestamp_ms = 1577836800000
      WHERE partition_id = (SELECT id FROM log.partitions WHERE partition = 0)`);
    await broker.janitor.sweep();
    const after = new Ledger();
    const second = await broker.subscribe({ group: 'email', topics: ['checkout.orders'], handler: after.keep() });
    await eventually(() => expect(second.problem()).toMatch(/checkout\.orders\[0\] holds offsets .* would skip records unseen/));
    await eventually(() => expect(after.records.length).toBeGreaterThan(0));
    expect(new Set(after.records.map(({ partition }) => partition))).toEqual(new Set([1]));
  });

  it('refuses to read on when the log ends before what the group has committed', async () => {
    const broker = await log.broker();
    await broker.ensureTopics([{ name: 'checkout.orders', partitions: 1 }]);
    await broker.publish([{ topic: 'checkout.orders', key: 'order-1', value: '1', headers: {} }]);
    const ledger = new Ledger();
    const first = await broker.subscribe({ group: 'email', topics: ['checkout.orders'], handler: ledger.keep() });
    await eventually(async () => expect((await broker.lag('email', ['checkout.orders']))[0].committed).toBe('1'));
    await first.stop();
    await log.sql.query('UPDATE log.cursors SET committed = 7');
    const second = await broker.subscribe({ group: 'email', topics: ['checkout.orders'], handler: ledger.keep() });
    await eventually(() => expect(second.problem()).toMatch(/the group wants 7/));
  });

  it('delivers records without key and value', async () => {
    const broker = await log.broker();
    await broker.ensureTopics([{ name: 'checkout.orders', partitions: 1 }]);
    await log.sql.query(`
      WITH grown AS (UPDATE log.partitions SET next_offset = 1 RETURNING id)
      INSERT INTO log.records SELECT id, 0, NULL, NULL, '{}', 1700000000000 FROM grown`);
    const ledger = new Ledger();
    await broker.subscribe({ group: 'email', topics: ['checkout.orders'], handler: ledger.keep() });
    await eventually(() => expect(ledger.records).toHaveLength(1));
    expect(ledger.records[0]).toMatchObject({ key: null, value: null, headers: {}, timestamp: 1_700_000_000_000 });
  });

  it('wakes a consumer in another process without waiting for its poll', async () => {
    const publisher = await log.broker();
    const reader = await log.broker();
    await publisher.ensureTopics([{ name: 'checkout.orders', partitions: 3 }]);
    const delays: number[] = [];
    const subscription = await reader.subscribe({
      group: 'email',
      topics: ['checkout.orders'],
      handler: async ({ records }, control) => {
        for (const { value } of records) delays.push(performance.now() - Number(value));
        await control.commit((BigInt(records[records.length - 1].offset) + 1n).toString());
      },
    });
    await eventually(() => expect(subscription.assigned()).toHaveLength(3));
    for (let i = 0; i < 21; i++) {
      await publisher.publish([{ topic: 'checkout.orders', key: `order-${i}`, value: `${performance.now()}`, headers: {} }]);
      await eventually(() => expect(delays).toHaveLength(i + 1), { everyMs: 2 });
    }
    expect(delays.sort((a, b) => a - b)[10]).toBeLessThan(200);
  });

  it('says what is wrong while the topic is missing, and begins once it is there', async () => {
    const broker = await log.broker();
    const ledger = new Ledger();
    const subscription = await broker.subscribe({ group: 'email', topics: ['checkout.orders'], handler: ledger.keep() });
    await eventually(() => expect(subscription.problem()).toBe('topics missing on the broker: checkout.orders'));
    await broker.ensureTopics([{ name: 'checkout.orders', partitions: 1 }]);
    await eventually(() => expect(subscription.problem()).toBeUndefined());
    await broker.publish([{ topic: 'checkout.orders', key: 'order-1', value: '1', headers: {} }]);
    await eventually(() => expect(ledger.values()).toEqual(['1']));
  });
});
