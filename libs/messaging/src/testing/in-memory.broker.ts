import { setImmediate as turn } from 'node:timers/promises';
import type { BrokerLog } from '../broker/broker-log.js';
import { Broker } from '../broker/broker.js';
import type {
  BrokerRecord,
  OutgoingRecord,
  PartitionBounds,
  PartitionLag,
  ReadingPlace,
  SubscribeOptions,
  Subscription,
  TopicPartition,
  TopicSpec,
} from '../broker/broker.js';
import { partitionLag } from '../broker/leased-log.js';
import { LeasedSubscription } from '../broker/leased-subscription.js';
import { refuseDrift, refuseTooLarge } from '../broker/refusals.js';
import { EventingError } from '../eventing.error.js';
import { InMemoryLog } from './in-memory.log.js';

/** A broker for tests. It passes the same contract suite as the real ones. Instances on one log act as separate processes. */
export class InMemoryBroker extends Broker {
  override readonly system = 'in_memory';
  private readonly subscriptions = new Set<Subscription>();

  constructor(
    readonly log: InMemoryLog = new InMemoryLog(),
    private readonly report: BrokerLog = () => undefined,
  ) {
    super();
  }

  override async connect(): Promise<void> {}

  override async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    for (const topic of topics) {
      const existing = this.log.describe(topic.name);
      if (existing) refuseDrift(topic, existing);
      else this.log.createTopic(topic);
    }
  }

  override async publish(records: readonly OutgoingRecord[]): Promise<void> {
    // Other tasks run meanwhile, as with a network call.
    await turn();
    refuseTooLarge(records);
    for (const { topic } of records) {
      if (!this.log.topic(topic)) throw new EventingError('PUBLISH_REFUSED', `There is no topic ${topic}.`);
    }
    this.log.append(records);
  }

  override async subscribe(options: SubscribeOptions): Promise<Subscription> {
    const subscription = new LeasedSubscription(this.log, options, this.report);
    this.subscriptions.add(subscription);
    return subscription;
  }

  override async lag(group: string, topics: readonly string[]): Promise<PartitionLag[]> {
    return topics.flatMap((topic) =>
      (this.log.topic(topic) ?? []).map((place) =>
        partitionLag(place, this.log.committed(group, place.id), { earliest: 0n, end: BigInt(place.records.length) }),
      ),
    );
  }

  override async owned(group: string): Promise<TopicPartition[]> {
    const { members, partitions } = await this.log.view(group);
    return partitions.filter(({ owner }) => members.some(({ id }) => id === owner)).map(({ topic, partition }) => ({ topic, partition }));
  }

  override async bounds(topics: readonly string[]): Promise<PartitionBounds[]> {
    return topics.flatMap((topic) =>
      (this.log.topic(topic) ?? []).map(({ partition, records }) => ({
        topic, partition, earliest: '0', end: String(records.length),
      })),
    );
  }

  override async offsetsAt(topic: string, timestamp: number): Promise<string[]> {
    return (this.log.topic(topic) ?? []).map(({ records }) => {
      const first = records.findIndex((record) => record.timestamp >= timestamp);
      return String(first === -1 ? records.length : first);
    });
  }

  override async read(places: readonly ReadingPlace[], take: (records: readonly BrokerRecord[]) => void): Promise<void> {
    for (const { topic, partition, from } of places) {
      const records = this.log.topic(topic)?.[partition]?.records.slice(Number(from)) ?? [];
      if (records.length > 0) take(records);
    }
  }

  override async seek(group: string, topic: string, offsets: readonly string[]): Promise<void> {
    for (const { id, partition } of this.log.topic(topic) ?? []) this.log.seek(group, id, BigInt(offsets[partition]!));
  }

  override async forgetGroup(group: string): Promise<void> {
    this.log.forget(group);
  }

  override async problem(): Promise<string | undefined> {
    return undefined;
  }

  override async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.stop()));
    this.subscriptions.clear();
  }
}
