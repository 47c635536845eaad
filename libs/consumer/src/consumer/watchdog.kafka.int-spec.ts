import { eventually } from '@nestbox/kernel/testing';
import { MetricsRegistry, Progress } from '@nestbox/messaging';
import { KafkaFixture } from '../../../kafka/src/kafka.fixture.js';
import { Ledger } from '../../../messaging/src/testing/contract/ledger.js';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';
import { ConsumedGroup } from './consumed-group.js';
import type { GroupConsumer } from './group-consumer.js';
import { Watchdog } from './watchdog.js';

const addresses = process.env.KAFKA_BROKERS?.split(',') ?? [];
const describeOnKafka = addresses.length > 0 ? describe : describe.skip;
const patiently = { timeoutMs: 30_000 };

describeOnKafka('the watchdog of a group on Kafka', () => {
  it('replaces the only member, which has joined and was assigned nothing, and the group reads on', async () => {
    const kafka = new KafkaFixture(addresses);
    const { group } = kafka;
    const topics = await kafka.topicWith('1');
    const starved = kafka.starve(group);
    const [broker, ledger, gaveUp] = [await kafka.broker(), new Ledger(), [] as string[]];
    const watchdog = new Watchdog({ consumer: { watchdogMs: 5_000, giveUp: (why: string) => gaveUp.push(why) } } as never, broker, new ConsumerMetrics(new MetricsRegistry()));
    const consumer = { group, topics, handle: ledger.keep(), isBusy: () => false, isPaused: false };
    const consumed = await ConsumedGroup.begin(broker, consumer as unknown as GroupConsumer, {});
    try {
      await eventually(() => expect(consumed.problem()).toBeUndefined(), patiently);
      expect([starved(), consumed.assigned(), await broker.owned(group)]).toEqual([1, [], []]);
      const progress = new Progress();
      await eventually(async () => {
        await watchdog.look(consumed, progress.look(group, await broker.lag(group, topics), performance.now()));
        expect(ledger.values()).toEqual(['1']);
      }, patiently);
      expect(gaveUp).toEqual([]);
    } finally {
      await consumed.stop();
      await kafka.close();
    }
  });
});
