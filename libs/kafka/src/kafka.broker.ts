import { Broker, EventingError, nestLog } from '@nestbox/messaging';
import type {
  BrokerLog,
  BrokerRecord,
  OutgoingRecord,
  PartitionBounds,
  PartitionLag,
  ReadingPlace,
  SubscribeOptions,
  Subscription,
  TopicPartition,
  TopicSpec,
} from '@nestbox/messaging';
import { KafkaAdmin } from './kafka-admin.js';
import { KafkaProducer } from './kafka-producer.js';
import { KafkaSubscription } from './kafka-subscription.js';
import type { KafkaBrokerOptions } from './kafka.options.js';
import { readToEnd } from './read-to-end.js';

/** Apache Kafka, through kafkajs. */
export class KafkaBroker extends Broker {
  override readonly system = 'kafka';
  private readonly admin: KafkaAdmin;
  private readonly producer: KafkaProducer;
  private readonly report: BrokerLog;
  private readonly subscriptions = new Set<Subscription>();
  private closing: Promise<void> | undefined;

  constructor(private readonly options: KafkaBrokerOptions) {
    super();
    this.report = options.log ?? nestLog('Kafka');
    this.admin = new KafkaAdmin(options);
    this.producer = new KafkaProducer(options, (topic) => this.admin.partitionsOf(topic));
  }

  /** Resolves at once: connections are opened, and reopened, on demand. `problem` tells whether that works. */
  override async connect(): Promise<void> {}

  override async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    await this.admin.ensureTopics(topics);
  }

  override async publish(records: readonly OutgoingRecord[]): Promise<void> {
    this.refuseWhenClosed();
    await this.producer.publish(records);
  }

  override async subscribe(options: SubscribeOptions): Promise<Subscription> {
    this.refuseWhenClosed();
    const subscription = new KafkaSubscription(this.options, options, this.report);
    this.subscriptions.add(subscription);
    return subscription;
  }

  override lag(group: string, topics: readonly string[]): Promise<PartitionLag[]> {
    return this.admin.lag(group, topics);
  }

  override owned(group: string): Promise<TopicPartition[]> {
    return this.admin.owned(group);
  }

  override bounds(topics: readonly string[]): Promise<PartitionBounds[]> {
    return this.admin.bounds(topics);
  }

  override offsetsAt(topic: string, timestamp: number): Promise<string[]> {
    return this.admin.offsetsAt(topic, timestamp);
  }

  override async read(places: readonly ReadingPlace[], take: (records: readonly BrokerRecord[]) => void): Promise<void> {
    this.refuseWhenClosed();
    const bounds = await this.admin.bounds([...new Set(places.map(({ topic }) => topic))]);
    const bounded = places.flatMap((place) => {
      const bound = bounds.find(({ topic, partition }) => topic === place.topic && partition === place.partition);
      return bound ? [{ ...place, end: bound.end }] : [];
    });
    await readToEnd(this.options, bounded, take);
  }

  override seek(group: string, topic: string, offsets: readonly string[]): Promise<void> {
    return this.admin.seek(group, topic, offsets);
  }

  override forgetGroup(group: string): Promise<void> {
    return this.admin.forgetGroup(group);
  }

  override problem(): Promise<string | undefined> {
    return this.admin.problem();
  }

  override close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.stop()));
    await Promise.all([this.producer.close(), this.admin.close()]);
  }

  private refuseWhenClosed(): void {
    if (this.closing) throw new EventingError('SHUTTING_DOWN', 'The broker is closed.');
  }
}
