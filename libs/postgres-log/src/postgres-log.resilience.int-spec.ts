import { setTimeout as pace } from 'node:timers/promises';
import { eventually } from '@nestbox/kernel/testing';
import type { OutgoingRecord } from '@nestbox/messaging';
import { Ledger } from '../../messaging/src/testing/contract/ledger.js';
import { LogFixture } from './log.fixture.js';
import type { PostgresLogBroker } from './postgres-log.broker.js';

const topic = 'checkout.orders';
const KEYS = 12;
const VERSIONS = 150;

describe('The embedded log under fire', () => {
  let log: LogFixture;

  beforeAll(async () => {
    log = await LogFixture.open();
  });
  afterAll(() => log.close());

  it('loses and reorders nothing while every connection is ended again and again', async () => {
    const [publisher, one, two] = [await log.broker(), await log.broker(), await log.broker()];
    await publisher.ensureTopics([{ name: topic, partitions: 4 }]);
    const ledger = new Ledger();
    for (const broker of [one, two]) {
      await broker.subscribe({ group: 'inventory', topics: [topic], handler: ledger.keep(), maxBatch: 50, sessionTimeoutMs: 3_000 });
    }
    let terminated = 0;
    let firing = true;
    const fire = (async () => {
      while (firing) {
        terminated += await log.terminateBackends();
        await pace(100);
      }
    })();
    const refusals = await publishAll(publisher);
    firing = false;
    await fire;
    // A statement whose answer was lost fails after 30 s.
    await eventually(async () => {
      expect((await one.lag('inventory', [topic])).filter(({ lag }) => lag > 0)).toEqual([]);
    }, { timeoutMs: 60_000 });
    expect(terminated).toBeGreaterThan(20);
    expect(refusals).toBeGreaterThan(0);
    expect(ledger.overlaps).toEqual([]);
    const complete = Array.from({ length: VERSIONS }, (_, i) => `${i + 1}`);
    for (let key = 0; key < KEYS; key++) expect([...new Set(ledger.of(`order-${key}`))]).toEqual(complete);
  }, 120_000);

  it('keeps offsets without a gap through all of that', async () => {
    const { rows } = await log.sql.query(`
      SELECT p.partition, p.next_offset::int AS next, count(r."offset")::int AS records, max(r."offset")::int + 1 AS last
      FROM log.partitions p JOIN log.records r ON r.partition_id = p.id GROUP BY p.id`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { next, records, last } of rows) expect([records, last]).toEqual([next, next]);
  });
});

/** Like a relay: one batch at a time, repeated until acknowledged. Returns the number of rejections. */
async function publishAll(broker: PostgresLogBroker): Promise<number> {
  let refusals = 0;
  for (let version = 1; version <= VERSIONS; version++) {
    const batch = Array.from({ length: KEYS }, (_, key): OutgoingRecord => ({
      topic, key: `order-${key}`, value: `${version}`, headers: {},
    }));
    while (!(await broker.publish(batch).then(() => true, () => false))) {
      refusals++;
      await pace(5);
    }
    await pace(10);
  }
  return refusals;
}
