import { eventually } from '@nestbox/kernel/testing';
import { isOfDeadProcess } from '@nestbox/messaging';
import { Ledger } from '../../messaging/src/testing/contract/ledger.js';
import { OtherProcess } from '../../messaging/src/testing/contract/other-process.js';
import { KafkaFixture, refusal } from './kafka.fixture.js';

const addresses = process.env.KAFKA_BROKERS?.split(',') ?? [];
const describeOnKafka = addresses.length > 0 ? describe : describe.skip;
const patiently = { timeoutMs: 30_000 };

describeOnKafka('A member of a Kafka group', () => {
  let kafka: KafkaFixture;
  let ledger: Ledger;

  beforeEach(() => {
    kafka = new KafkaFixture(addresses);
    ledger = new Ledger();
  });
  afterEach(() => kafka.close());

  async function consuming() {
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    await broker.ensureTopics([{ name: topic, partitions: 1 }]);
    const subscription = await broker.subscribe({ group, topics: [topic], handler: ledger.keep() });
    const order = (value: string) => broker.publish([{ topic, key: 'order-1', value, headers: {} }]);
    await order('1');
    await eventually(() => expect(ledger.values()).toEqual(['1']), patiently);
    return { subscription, order };
  }

  it('joins anew when the coordinator loads for longer than the client asks, and says that it is joining', async () => {
    const { subscription, order } = await consuming();
    const turnedAway = await kafka.reload(kafka.group, 8);
    await eventually(() => expect(subscription.problem()).toBe('joining the group'), patiently);
    expect(subscription.assigned()).toHaveLength(1);
    await order('2');
    await eventually(() => expect(ledger.values()).toEqual(['1', '2']), patiently);
    expect(await turnedAway()).toBe(8);
    await eventually(() => expect(subscription.problem()).toBeUndefined(), patiently);
  });

  it('joins anew after a rejoin that its client gave up: it would read on under the generation that it handed over', async () => {
    const { order } = await consuming();
    const turnedAway = await kafka.reload(kafka.group, 1, () => refusal('REQUEST_TIMED_OUT', 7));
    await eventually(async () => expect(await turnedAway()).toBe(1), patiently);
    await order('2');
    await eventually(() => expect(ledger.values()).toEqual(['1', '2']), patiently);
    expect(kafka.reports).toEqual([expect.stringMatching(/is being joined anew after: REQUEST_TIMED_OUT/)]);
  });

  it('joins anew when it is given records of a partition that nobody handles', async () => {
    const { subscription, order } = await consuming();
    const membership = Reflect.get(subscription, 'membership') as { partitions: Map<string, unknown> };
    membership.partitions.clear();
    await order('2');
    await eventually(() => expect(ledger.values()).toEqual(['1', '2']), patiently);
    expect(kafka.reports).toEqual([expect.stringMatching(/is being joined anew after: .*\[0\] is read, but was not assigned/)]);
  });

  it('keeps its id when its client is replaced', async () => {
    const { order } = await consuming();
    const [before] = await kafka.members();
    await kafka.crash();
    await order('2');
    await eventually(() => expect(ledger.values()).toEqual(['1', '2']), patiently);
    expect(kafka.reports).toEqual([expect.stringContaining('emitted by this test')]);
    expect(await kafka.members()).toEqual([before]);
  });

  it('does not wait for the session of a predecessor whose process was killed', async () => {
    const other = await OtherProcess.start();
    const topics = await kafka.topicWith('1');
    await kafka.joinAndVanish(other.mark, topics);
    await other.kill();
    const [dead] = await kafka.members();
    expect(isOfDeadProcess(dead!)).toBe(true);

    const begun = performance.now();
    const broker = await kafka.broker();
    await broker.subscribe({ group: kafka.group, topics, handler: ledger.keep() });
    await eventually(() => expect(ledger.values()).toEqual(['1']), patiently);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await kafka.members()).not.toContain(dead);
  });
});
