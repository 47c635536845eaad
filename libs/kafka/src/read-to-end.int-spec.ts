import type { BrokerRecord } from '@nestbox/messaging';
import { KafkaFixture } from './kafka.fixture.js';
import { readToEnd } from './read-to-end.js';

const addresses = process.env.KAFKA_BROKERS?.split(',') ?? [];
const describeOnKafka = addresses.length > 0 ? describe : describe.skip;
const kafkajs = [
  ['the internals of kafkajs', undefined],
  ['its public way, when its version is not known', '2.3.0'],
] as const;

describeOnKafka('Reading a part of a topic on Kafka', () => {
  let kafka: KafkaFixture;

  beforeEach(() => {
    kafka = new KafkaFixture(addresses);
  });
  afterEach(() => kafka.close());

  it.each(kafkajs)('takes what lies between two offsets, by %s', async (_how, version) => {
    const { topic } = kafka;
    const broker = await kafka.broker();
    await broker.ensureTopics([{ name: topic, partitions: 2 }]);
    await broker.publish([0, 1, 2, 3].map((n) => ({ topic, partition: 0, key: 'order-1', value: Buffer.from(String(n)), headers: { n: String(n) } })));
    await broker.publish([{ topic, partition: 1, key: 'order-2', value: Buffer.from('other'), headers: {} }]);
    const found: BrokerRecord[] = [];
    const sections = [
      { topic, partition: 0, from: '1', end: '3' },
      { topic, partition: 1, from: '1', end: '1' },
    ];
    await readToEnd({ brokers: addresses, clientId: 'shop' }, sections, (records) => found.push(...records), version);
    expect(found.map(({ partition, offset, value, headers }) => [partition, offset, String(value), headers.n])).toEqual([
      [0, '1', '1', '1'],
      [0, '2', '2', '2'],
    ]);
  });
});
