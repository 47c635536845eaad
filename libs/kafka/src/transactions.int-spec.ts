import { eventually } from '@nestbox/kernel/testing';
import { Ledger } from '../../messaging/src/testing/contract/ledger.js';
import { KafkaFixture } from './kafka.fixture.js';

const addresses = process.env.KAFKA_BROKERS?.split(',') ?? [];
const describeOnKafka = addresses.length > 0 ? describe : describe.skip;
const patiently = { timeoutMs: 30_000 };

describeOnKafka('Transactions of foreign producers', () => {
  let kafka: KafkaFixture;

  beforeEach(async () => {
    kafka = new KafkaFixture(addresses);
    await kafka.asAdmin((admin) => admin.createTopics({ topics: [{ topic: kafka.topic, numPartitions: 1 }] }));
  });
  afterEach(() => kafka.close());

  /** One that stays open all along, one that is given up inside it, and one that is committed. */
  async function interleaved(): Promise<void> {
    const [one, other] = [await kafka.transactional('one'), await kafka.transactional('other')];
    const first = await one.transaction();
    await first.send({ topic: kafka.topic, messages: [{ key: 'order-1', value: 'given up 1' }] });
    const second = await other.transaction();
    await second.send({ topic: kafka.topic, messages: [{ key: 'order-2', value: 'given up 2' }, { key: 'order-2', value: 'given up 3' }] });
    await second.abort();
    const third = await other.transaction();
    await third.send({ topic: kafka.topic, messages: [{ key: 'order-2', value: 'kept' }] });
    await third.commit();
    await first.abort();
    await kafka.sendAsForeigner([{ key: 'order-3', value: 'last' }]);
  }

  it.each([0, 1, 2, 3, 4])('are shown when they were committed, and only then, to a group that begins at offset %i', async (from) => {
    await interleaved();
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    await broker.seek(group, topic, [String(from)]);
    const ledger = new Ledger();
    await broker.subscribe({ group, topics: [topic], handler: ledger.keep() });
    await eventually(() => expect(ledger.values()).toContain('last'), patiently);
    expect(ledger.values()).toEqual(['kept', 'last']);
    const read: string[] = [];
    await broker.read([{ topic, partition: 0, from: String(from) }], (records) => void read.push(...records.map(({ value }) => String(value))));
    expect(read).toEqual(['kept', 'last']);
  });
});
