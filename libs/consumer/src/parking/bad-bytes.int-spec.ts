import { randomBytes } from 'node:crypto';
import { UnitOfWork } from '@nestbox/database';
import { defineEvent, uuid7 } from '@nestbox/kernel';
import type { EventContract } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import type { Broker, EventMessage } from '@nestbox/messaging';
import { Controller, Inject } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { KafkaFixture } from '../../../kafka/src/kafka.fixture.js';
import { LogFixture } from '../../../postgres-log/src/log.fixture.js';
import { ProjectsEvent } from '../handler/handles-event.js';

interface RawRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
}

/** A broker, and a way to write records that our producers never write. */
interface Doorway {
  readonly topic: string;
  readonly broker: Broker;
  write(records: readonly RawRecord[]): Promise<void>;
  close(): Promise<void>;
}

const MEMORY_MIB = 128;
const group = `search-${randomBytes(4).toString('hex')}`;
const addresses = process.env.KAFKA_BROKERS?.split(',') ?? [];

async function embeddedLog(): Promise<Doorway> {
  const [log, topic] = [await LogFixture.open(), 'checkout.orders'];
  const write = async (records: readonly RawRecord[]) => {
    for (const { key, value, headers } of records) {
      await log.sql.query(
        `WITH place AS (UPDATE log.partitions SET next_offset = next_offset + 1 WHERE topic = $1 AND partition = 0
           RETURNING id, next_offset - 1 AS "offset")
         INSERT INTO log.records (partition_id, "offset", key, value, headers, timestamp_ms)
         SELECT id, "offset", $2, $3, $4, 0 FROM place`,
        [topic, key, value, JSON.stringify(headers)],
      );
    }
  };
  return { topic, broker: await log.broker(), write, close: () => log.close() };
}

async function kafka(): Promise<Doorway> {
  const fixture = new KafkaFixture(addresses);
  const write = (records: readonly RawRecord[]) => fixture.sendAsForeigner(records.map((record) => ({ ...record, partition: 0 })));
  return { topic: fixture.topic, broker: await fixture.broker(), write, close: () => fixture.close() };
}

function contractOn(topic: string): EventContract<{ orderId: string; totalCents: number; note: string }> {
  return defineEvent({
    type: 'OrderPlaced',
    version: 1,
    topic: topic as 'checkout.orders',
    description: 'A customer has placed an order.',
    schema: z.object({ orderId: z.string().min(1), totalCents: z.int(), note: z.string() }),
    key: ({ orderId }) => orderId,
    examples: [{ orderId: 'order-1', totalCents: 2500, note: '' }],
  });
}

function searchOf(contract: ReturnType<typeof contractOn>): Type {
  @Controller()
  class Search {
    constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

    @ProjectsEvent(contract, { id: 'search.orders' })
    placed({ eventId, key, data }: EventMessage<{ totalCents: number; note: string }>): void {
      const values = ['search.orders', eventId, `${key} ${data.note}`, data.totalCents];
      this.unitOfWork.write({ text: 'INSERT INTO effects (handler, event_id, key, version) VALUES ($1, $2, $3, $4)', values });
    }
  }
  return Search;
}

const brokers: [string, () => Promise<Doorway>][] = [['the embedded log', embeddedLog]];
if (addresses.length > 0) brokers.push(['Apache Kafka', kafka]);

describe.each(brokers)('bad bytes on %s', (_name, open) => {
  let door: Doorway;
  let context: RunningContext;

  beforeAll(async () => {
    door = await open();
    const handlers = [searchOf(contractOn(door.topic))];
    const topics = [{ name: door.topic, partitions: 2 }];
    context = await RunningContext.start({ broker: door.broker, handlers, topics, group, relay: { enabled: false } });
    await door.broker.ensureTopics(topics);
  }, 30_000);
  afterAll(async () => {
    await context?.stop();
    await door?.close();
  });

  const headers = { ce_type: 'checkout.OrderPlaced.v1' };
  const envelope = (key: string, change: object = {}, data: object = {}) => ({
    eventId: uuid7(), eventType: 'OrderPlaced', eventVersion: 1, occurredAt: '2026-11-23T09:00:00.000Z', producer: 'checkout',
    aggregateVersion: 1, ...change, data: { orderId: key, totalCents: 100, note: '', ...data },
  });
  const raw = (key: string, value: string | Buffer | null, more: Record<string, string> = headers): RawRecord => ({
    key: Buffer.from(key), value: value === null ? null : Buffer.from(value as string), headers: more,
  });
  const order = (key: string, change: object = {}, data: object = {}) => raw(key, JSON.stringify(envelope(key, change, data)));
  const handled = async () => (await context.effects('search.orders')).map(({ key }) => key.trim());
  const parkedKeys = async () =>
    (await context.query<{ key: string }>('SELECT DISTINCT key FROM nestbox.dead_letters')).map(({ key }) => key);
  /** All earlier records are done when this valid order, written after them, is handled. */
  const afterwards = async () => {
    const key = `good-${randomBytes(4).toString('hex')}`;
    await door.write([order(key)]);
    await eventually(async () => expect(await handled()).toContain(key), { timeoutMs: 60_000 });
  };

  it.each([
    ['no value', (key: string) => raw(key, null)],
    ['an empty value', (key: string) => raw(key, '')],
    ['bytes that are no UTF-8', (key: string) => raw(key, Buffer.from(JSON.stringify(envelope(key, {}, { note: '\u00e9' })), 'latin1'))],
    ['a NUL', (key: string) => raw(key, '\u0000')],
    ['a NUL in a text', (key: string) => order(key, {}, { note: 'a\u0000b' })],
    ['half a surrogate pair', (key: string) => raw(key, JSON.stringify(envelope(key)).replace('"note":""', '"note":"\\ud800"'))],
    ['lists a hundred thousand deep', (key: string) => raw(key, '['.repeat(100_000) + ']'.repeat(100_000))],
    ['data a hundred thousand deep', (key: string) => raw(key, JSON.stringify(envelope(key)).replace('""', '['.repeat(100_000) + ']'.repeat(100_000)))],
    ['a number that is infinite', (key: string) => raw(key, JSON.stringify(envelope(key)).replace('100', '1e400'))],
    ['a number that no column holds', (key: string) => order(key, {}, { totalCents: Number.MAX_SAFE_INTEGER })],
    ['the key of another', (key: string) => raw(key, JSON.stringify(envelope('order-of-another')))],
    ['ten thousand headers', (key: string) => ({
      ...order(key), headers: { ...headers, ...Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`x-${n}`, 'x'.repeat(20)])) },
    })],
    ['line breaks and escapes in headers', (key: string) => raw(key, '{', { ...headers, 'x\r\ny': '\u001b[31mred\r\n\u0000' })],
    ['a text for a version', (key: string) => order(key, { eventVersion: 'one' })],
    ['an id that is none', (key: string) => order(key, { eventId: '../../etc' })],
  ])('%s: is parked, and the consumer lives', async (what, make) => {
    const key = `bad-${what.replaceAll(' ', '-')}`;
    await door.write([make(key)]);
    await afterwards();
    await eventually(async () => expect(await parkedKeys()).toContain(key), { timeoutMs: 20_000 });
    expect((await handled()).filter((each) => each.startsWith(key))).toEqual([]);
  }, 90_000);

  it('a value cut off at every offset: each is parked, byte for byte', async () => {
    const whole = order('cut').value!;
    await door.write(Array.from({ length: whole.length }, (_, length) => raw(`cut-${length}`, whole.subarray(0, length))));
    await afterwards();
    const kept = await eventually(async () => {
      const letters = `SELECT key, record_value FROM nestbox.dead_letters WHERE key LIKE 'cut-%' AND status = 'parked'`;
      const rows = await context.query<{ key: string; record_value: Buffer }>(letters);
      expect(rows).toHaveLength(whole.length);
      return rows;
    }, { timeoutMs: 60_000 });
    for (const { key, record_value } of kept) expect(record_value.equals(whole.subarray(0, Number(key.slice(4))))).toBe(true);
  }, 90_000);

  it('a polluting prototype: is dropped, and nothing is polluted', async () => {
    const value = JSON.stringify(envelope('proto')).replace('"note":""', '"note":"","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}');
    await door.write([raw('proto', value)]);
    await afterwards();
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(await handled()).toContain('proto');
  }, 90_000);

  it('an id that is used again with another payload, and a version that is repeated: no id has two effects', async () => {
    const eventId = uuid7();
    await door.write([
      order('twice', { eventId }), order('twice', { eventId }, { note: 'forged' }), order('other', { eventId }),
      order('gap', { aggregateVersion: 1 }), order('gap', { aggregateVersion: 7 }, { note: 'late' }),
    ]);
    await afterwards();
    const effects = (await handled()).filter((key) => /^(twice|other|gap)/.test(key));
    expect(effects).toEqual(['twice', 'gap', 'gap late']);
  }, 90_000);

  it('a hundred megabytes of them leave the memory flat', async () => {
    global.gc?.();
    const before = process.memoryUsage().rss;
    const garbage = Array.from({ length: 4 }, (_, n) => raw(`bulk-${n}`, randomBytes(240_000)));
    for (let round = 0; round < 100; round++) await door.write(garbage);
    await afterwards();
    expect((process.memoryUsage().rss - before) / 1024 ** 2).toBeLessThan(MEMORY_MIB);
  }, 90_000);
});

(addresses.length > 0 ? describe : describe.skip)('a batch that cannot be unpacked', () => {
  it('holds its partition: nothing of it is parked or passed over, and no offset is committed', async () => {
    const fixture = new KafkaFixture(addresses);
    const broker = await fixture.broker();
    const topics = [{ name: fixture.topic, partitions: 1 }];
    await broker.ensureTopics(topics);
    const order = (orderId: string) => {
      const data = { orderId, totalCents: 1, note: '' };
      const value = JSON.stringify({ eventId: uuid7(), eventType: 'OrderPlaced', eventVersion: 1, aggregateVersion: 1, data });
      return { key: orderId, value, headers: { ce_type: 'checkout.OrderPlaced.v1' } };
    };
    await fixture.sendAsForeigner([order('order-1')]);
    await fixture.sendAsForeigner([{ key: 'order-2', value: Buffer.alloc(20 * 1024 * 1024) }, order('order-2')], 1);
    const handlers = [searchOf(contractOn(fixture.topic))];
    const context = await RunningContext.start({ broker, handlers, topics, group, relay: { enabled: false } });
    await fixture.sendAsForeigner([order('order-3')]);

    await eventually(() => expect(fixture.reports.join()).toMatch(/ending with offset 2, that cannot be read: gzip unpacks it to more than the 16 MiB that maxUnpackedBytes allows/), { timeoutMs: 60_000 });
    await eventually(async () => expect(await context.effects('search.orders')).toHaveLength(1), { timeoutMs: 60_000 });
    await eventually(async () => expect((await broker.lag(group, [fixture.topic]))[0]).toMatchObject({ committed: '1', lag: 3 }), { timeoutMs: 60_000 });
    expect(await context.query('SELECT 1 FROM nestbox.dead_letters')).toEqual([]);
    await context.stop();
    await fixture.close();
  }, 90_000);
});
