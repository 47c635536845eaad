import { eventually } from '@nestbox/kernel/testing';
import kafkajs from 'kafkajs';
import { Ledger } from '../../messaging/src/testing/contract/ledger.js';
import { KafkaFixture } from './kafka.fixture.js';
import { CODECS } from './unpack.js';

const addresses = process.env.KAFKA_BROKERS?.split(',') ?? [];
const describeOnKafka = addresses.length > 0 ? describe : describe.skip;
const patiently = { timeoutMs: 30_000 };

describeOnKafka.each(Object.values(CODECS))('A topic that is kept with %s', (codec) => {
  let kafka: KafkaFixture;

  /** Kafka packs anew what comes packed otherwise. */
  beforeEach(async () => {
    kafka = new KafkaFixture(addresses);
    const configEntries = [{ name: 'compression.type', value: codec }];
    await kafka.asAdmin((admin) => admin.createTopics({ topics: [{ topic: kafka.topic, numPartitions: 2, configEntries }] }));
  });
  afterEach(() => kafka.close());

  it('is read in order', async () => {
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    const values = Array.from({ length: 2_000 }, (_, n) => `order ${n} of a blue mug`);
    const ledger = new Ledger();
    await broker.publish(values.map((value) => ({ topic, partition: 0, key: 'order-1', value, headers: { n: value } })));
    await broker.subscribe({ group, topics: [topic], handler: ledger.keep() });
    await eventually(() => expect(ledger.values()).toEqual(values), patiently);
    expect(ledger.records[7]!.headers.n).toBe(values[7]);
  });

  it('stands still before a batch that unpacks to more than the limit, says so once, and serves the other partition', async () => {
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    const ledger = new Ledger();
    const order = (partition: number, value: string) => ({ topic, partition, key: 'order-1', value, headers: {} });
    await broker.publish([order(0, 'before')]);
    const bomb = { key: 'order-1', partition: 0, value: Buffer.alloc(20 * 1024 * 1024) };
    await kafka.sendAsForeigner([bomb], kafkajs.CompressionTypes.GZIP);
    await broker.publish([order(0, 'after'), order(1, 'other')]);
    const subscription = await broker.subscribe({ group, topics: [topic], handler: ledger.keep() });

    await eventually(() => expect(subscription.problem()).toMatch(new RegExp(`\\[0\\] has a batch, .*: ${codec} unpacks it to more than the 16 MiB that maxUnpackedBytes allows`)), patiently);
    await eventually(async () => expect((await broker.lag(group, [topic])).map(({ lag }) => lag)).toEqual([2, 0]), patiently);
    expect(ledger.values().sort()).toEqual(['before', 'other']);
    expect([subscription.waitsForOperator!(), kafka.reports.length]).toEqual([true, 1]);
    await expect(broker.read([{ topic, partition: 0, from: '0' }], () => undefined)).rejects.toMatchObject({ code: 'BATCH_UNREADABLE', message: expect.stringMatching(/cannot be read: .*maxUnpackedBytes/) });

    await subscription.stop();
    const [first, second] = await broker.bounds([topic]);
    await broker.seek(group, topic, [String(BigInt(first!.end) - 1n), second!.end]);
    await broker.subscribe({ group, topics: [topic], handler: ledger.keep() });
    await eventually(() => expect(ledger.values().sort()).toEqual(['after', 'before', 'other']), patiently);
  });
});
