import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createBroker, HandlesEvent } from '@nestbox/eventing';
import type { Broker, EventMessage, TopicSpec } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import { UnitOfWork } from '@nestbox/database';
import { uuid7 } from '@nestbox/kernel';
import { Controller, Inject } from '@nestjs/common';
import kafkajs from 'kafkajs';
import { describeOnKafka } from '../support/brokers.js';
import { RunningContext } from '../support/eventing/running-context.fixture.js';
import { OrderPlaced } from '../support/eventing/shop.fixture.js';
import type { OrderData } from '../support/eventing/shop.fixture.js';
import { runJavaFile, writeWithConsole } from '../support/kafka-tools.js';
import { OwnKafka } from '../support/own-kafka.js';
import { tools } from '../support/tools.js';

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const patiently = { timeoutMs: 60_000 };
const topic = 'checkout.orders';

@Controller()
class WhenPlaced {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @HandlesEvent(OrderPlaced, { id: 'email.confirm-order' })
  placed({ eventId, key, aggregateVersion }: EventMessage<OrderData>): void {
    const text = 'INSERT INTO effects (handler, event_id, key, version) VALUES ($1, $2, $3, $4)';
    this.unitOfWork.write({ text, values: ['email.confirm-order', eventId, key, aggregateVersion] });
  }
}

describeOnKafka('Batches of Kafka’s own producer', () => {
  let home: string;
  let removeHome: () => void;
  let kafka: OwnKafka;
  let broker: Broker;

  beforeEach(async () => {
    ({ home, remove: removeHome } = await (await tools()).temporaryHome());
    kafka = await OwnKafka.start(home);
    broker = await createBroker({ kind: 'kafka', brokers: [kafka.brokers] }, 'email');
    await broker.connect();
  }, 120_000);
  afterEach(async () => {
    await broker?.close();
    await kafka?.stop();
    removeHome?.();
  }, 60_000);

  const create = async (settings: Pick<TopicSpec, 'name' | 'partitions'>, compression: string) => {
    const admin = new kafkajs.Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    const configEntries = [{ name: 'compression.type', value: compression }];
    await admin.createTopics({ topics: [{ topic: settings.name, numPartitions: settings.partitions, configEntries }] });
    await admin.disconnect();
  };
  const segmentOf = (partition: number) => join(home, 'kafka', 'data', `${topic}-${partition}`, '00000000000000000000.log');
  /** What the batches of a partition are packed with, as they lie on the disk. */
  const packedWith = (partition: number): string[] => {
    const bytes = readFileSync(segmentOf(partition));
    const found: string[] = [];
    for (let at = 0; at + 23 < bytes.length && bytes.readInt32BE(at + 8) > 0; at += 12 + bytes.readInt32BE(at + 8)) found.push(codecs[bytes.readInt16BE(at + 21) & 7]!);
    return found;
  };
  const orders = (codec: string) =>
    Array.from({ length: 40 }, (_, n) => {
      const orderId = `order-${codec}-${n}`;
      const event = { eventId: uuid7(), eventType: 'OrderPlaced', eventVersion: 1, occurredAt: '2026-11-23T09:00:00.000Z', producer: 'checkout', aggregateVersion: 1, data: { orderId, totalCents: n } };
      return { key: orderId, headers: { ce_type: 'checkout.OrderPlaced.v1' }, value: JSON.stringify(event), eventId: event.eventId };
    });

  it.each(['producer', 'zstd'])('are handled once each, whatever they are packed with, on a topic with compression.type=%s', async (compression) => {
    await create({ name: topic, partitions: 2 }, compression);
    const written = codecs.map((codec) => ({ codec, records: orders(codec) }));
    for (const { codec, records } of written) await writeWithConsole(kafka.brokers, topic, records, codec);
    const packed = new Set([...packedWith(0), ...packedWith(1)]);
    expect([...packed].sort()).toEqual(compression === 'producer' ? [...codecs].sort() : [compression]);

    const topics = [{ name: topic, partitions: 2 }];
    const context = await RunningContext.start({ broker, handlers: [WhenPlaced], topics, group: 'email', relay: { enabled: false } });
    try {
      const due = written.flatMap(({ records }) => records.map(({ eventId }) => eventId)).sort();
      const handled = async () => (await context.effects('email.confirm-order')).map(({ event_id }) => event_id).sort();
      await eventually(async () => expect((await handled()).length).toBeGreaterThanOrEqual(due.length), patiently);
      await eventually(async () => expect((await broker.lag('email', [topic])).map(({ lag }) => lag)).toEqual([0, 0]), patiently);
      expect(await handled()).toEqual(due);
      expect(await context.query('SELECT FROM nestbox.dead_letters')).toEqual([]);
    } finally {
      await context.stop();
    }
  }, 240_000);

  it('in transactions are shown when those were committed, and only then', async () => {
    await create({ name: topic, partitions: 1 }, 'producer');
    await runJavaFile('InterleavedTransactions', [kafka.brokers, topic, 'zstd']);
    expect(packedWith(0)).toContain('zstd');
    for (const from of [0, 1, 2, 3, 4]) {
      const group = `email-${from}`;
      const values: string[] = [];
      await broker.seek(group, topic, [String(from)]);
      const subscription = await broker.subscribe({ group, topics: [topic], handler: async ({ records }) => void values.push(...records.map(({ value }) => String(value))) });
      await eventually(() => expect(values).toContain('last'), patiently);
      expect({ from, values }).toEqual({ from, values: ['kept 1', 'kept 2', 'last'] });
      await subscription.stop();
    }
  }, 240_000);

  it('that are damaged on the disk hold their partition and say so while others go on, and are handled when they are whole again', async () => {
    await create({ name: topic, partitions: 2 }, 'producer');
    const publish = (partition: number, value: string) => broker.publish([{ topic, partition, key: 'order-1', value, headers: {} }]);
    await publish(0, 'before');
    await publish(0, 'damaged');
    const { length } = readFileSync(segmentOf(0));
    const last = readFileSync(segmentOf(0))[length - 3]!;
    write(segmentOf(0), length - 3, last ^ 1);
    await publish(0, 'after');

    const values: string[] = [];
    const read = { group: 'email', topics: [topic], handler: async ({ records }: { records: readonly { value: Buffer | null }[] }) => void values.push(...records.map(({ value }) => String(value))) };
    const subscription = await broker.subscribe(read);
    await eventually(() => expect(subscription.problem()).toMatch(/\[0\] has a batch, ending with offset 1, that cannot be read: its checksum is wrong/), patiently);
    await publish(1, 'other');
    await eventually(() => expect(values.sort()).toEqual(['before', 'other']), patiently);
    await expect(broker.read([{ topic, partition: 0, from: '0' }], () => undefined)).rejects.toMatchObject({ code: 'BATCH_UNREADABLE' });
    await subscription.stop();

    write(segmentOf(0), length - 3, last);
    await broker.subscribe(read);
    await eventually(() => expect([...new Set(values)].sort()).toEqual(['after', 'before', 'damaged', 'other']), patiently);
  }, 240_000);
});

function write(file: string, at: number, byte: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.from([byte]), 0, 1, at);
  closeSync(descriptor);
}
