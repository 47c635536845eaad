import { createRequire } from 'node:module';
import { eventually } from '@nestbox/kernel/testing';
import { Ledger } from '../../messaging/src/testing/contract/ledger.js';
import { commitOffsets } from './commit-offsets.js';
import { KafkaFixture, loading } from './kafka.fixture.js';

const addresses = process.env.KAFKA_BROKERS?.split(',') ?? [];
const describeOnKafka = addresses.length > 0 ? describe : describe.skip;
const coordinators = createRequire(import.meta.url)('kafkajs/src/broker') as { prototype: { offsetCommit(request: unknown): Promise<unknown> } };
const { offsetCommit } = coordinators.prototype;

describeOnKafka('The offsets of a group, told to Kafka', () => {
  let kafka: KafkaFixture;

  beforeEach(() => {
    kafka = new KafkaFixture(addresses);
  });
  afterEach(async () => {
    coordinators.prototype.offsetCommit = offsetCommit;
    await kafka.close();
  });

  it('are taken once its coordinator is there, and nobody has to join the group for it', async () => {
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    await broker.ensureTopics([{ name: topic, partitions: 2 }]);
    let failed = 0;
    coordinators.prototype.offsetCommit = function commit(request) {
      failed += 1;
      if (failed > 2) return offsetCommit.call(this, request);
      return Promise.reject(loading());
    };
    await broker.seek(group, topic, ['3', '5']);
    expect((await broker.lag(group, [topic])).map(({ committed }) => committed)).toEqual(['3', '5']);
    const { groups } = await kafka.asAdmin((admin) => admin.describeGroups([group]));
    expect([failed, groups[0].state, groups[0].members, groups[0].protocolType]).toEqual([3, 'Empty', [], '']);
  });

  it('are refused while it has members', async () => {
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    await broker.ensureTopics([{ name: topic, partitions: 1 }]);
    const subscription = await broker.subscribe({ group, topics: [topic], handler: new Ledger().keep() });
    await eventually(() => expect(subscription.problem()).toBeUndefined(), { timeoutMs: 30_000 });
    await expect(broker.seek(group, topic, ['3'])).rejects.toMatchObject({
      code: 'PARTITION_LOST', message: `${group} has members: only they may set its offsets.`,
    });
    expect((await broker.lag(group, [topic]))[0].committed).toBeNull();
  });

  it('are set by the public way of kafkajs when its version is not known', async () => {
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    await broker.ensureTopics([{ name: topic, partitions: 2 }]);
    await commitOffsets({ brokers: addresses, clientId: 'shop' }, group, topic, ['0', '0'], '2.3.0');
    expect((await broker.lag(group, [topic])).map(({ committed }) => committed)).toEqual(['0', '0']);
  });
});
