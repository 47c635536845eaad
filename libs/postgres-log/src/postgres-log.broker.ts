import { Listener } from '@nestbox/database';
import { Broker, EventingError, LeasedSubscription, nestLog, partitionLag, refuseDrift, SEVEN_DAYS_MS } from '@nestbox/messaging';
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
import { Appender } from './appender.js';
import { FORGET_GROUP, LAG, OWNED, SEEK } from './groups.sql.js';
import { Janitor } from './janitor.js';
import { connectionOptions, LogPool } from './log-pool.js';
import type { PostgresLogOptions } from './postgres-log.options.js';
import { BOUNDS, CREATE_TOPIC, OFFSETS_AT, PING } from './records.sql.js';
import { StoredLog } from './stored-log.js';
import { TopicDirectory } from './topic-directory.js';
import { ChangeNotifier } from './change-notifier.js';

/** The embedded default: a partitioned log with consumer groups, in its own PostgreSQL database. */
export class PostgresLogBroker extends Broker {
  override readonly system = 'nestbox';
  readonly janitor: Janitor;
  private readonly pool: LogPool;
  private readonly topics: TopicDirectory;
  private readonly appender: Appender;
  private readonly notifier: ChangeNotifier;
  private readonly listener: Listener;
  private readonly log: StoredLog;
  private readonly report: BrokerLog;
  private readonly subscriptions = new Set<Subscription>();
  private closing: Promise<void> | undefined;

  constructor(private readonly options: PostgresLogOptions) {
    super();
    this.report = options.log ?? nestLog('PostgresLog');
    this.pool = new LogPool(options);
    this.topics = new TopicDirectory(this.pool);
    this.appender = new Appender(this.pool, this.topics);
    this.notifier = new ChangeNotifier(this.pool);
    this.listener = new Listener(connectionOptions(options), 'nestbox_log', this.notifier);
    this.log = new StoredLog(this.pool, this.notifier);
    this.janitor = new Janitor(this.pool, this.report);
  }

  /** Resolves at once: connections are opened, and reopened, on demand. `problem` tells whether that works. */
  override async connect(): Promise<void> {
    this.janitor.start();
  }

  override async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    for (const { name, partitions, retentionMs = SEVEN_DAYS_MS, cleanup = 'delete' } of topics) {
      await this.pool.run(CREATE_TOPIC, [name, partitions, retentionMs, cleanup]);
    }
    const found = await this.topics.describe(topics.map(({ name }) => name));
    for (const topic of topics) refuseDrift(topic, found.get(topic.name)!);
  }

  override async publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.closing) throw new EventingError('SHUTTING_DOWN', 'The broker is closed.');
    this.notifier.announcePartitions(await this.appender.append(records));
  }

  override async subscribe(wanted: SubscribeOptions): Promise<Subscription> {
    if (this.closing) throw new EventingError('SHUTTING_DOWN', 'The broker is closed.');
    this.listener.start();
    const options = { ...wanted, sessionTimeoutMs: wanted.sessionTimeoutMs ?? this.options.sessionTimeoutMs };
    const subscription = new LeasedSubscription(this.log, options, this.report);
    this.subscriptions.add(subscription);
    return subscription;
  }

  override async lag(group: string, topics: readonly string[]): Promise<PartitionLag[]> {
    const { rows } = await this.pool.run(LAG, [group, topics]);
    return (rows as [string, number, string, string, string | null][]).map(([topic, partition, earliest, end, committed]) =>
      partitionLag({ topic, partition }, committed === null ? null : BigInt(committed), {
        earliest: BigInt(earliest),
        end: BigInt(end),
      }),
    );
  }

  override async owned(group: string): Promise<TopicPartition[]> {
    const { rows } = await this.pool.run(OWNED, [group]);
    return (rows as [string, number][]).map(([topic, partition]) => ({ topic, partition }));
  }

  override async bounds(topics: readonly string[]): Promise<PartitionBounds[]> {
    const { rows } = await this.pool.run(BOUNDS, [topics]);
    return (rows as [string, number, string, string][]).map(([topic, partition, earliest, end]) => ({ topic, partition, earliest, end }));
  }

  override async offsetsAt(topic: string, timestamp: number): Promise<string[]> {
    const { rows } = await this.pool.run(OFFSETS_AT, [topic, timestamp]);
    return (rows as [string][]).map(([offset]) => offset);
  }

  override async read(places: readonly ReadingPlace[], take: (records: readonly BrokerRecord[]) => void): Promise<void> {
    const ids = await this.topics.resolve(new Set(places.map(({ topic }) => topic)));
    for (const { topic, partition, from } of places) {
      await this.log.readToEnd({ id: ids.get(topic)![partition]!, topic, partition }, BigInt(from), take);
    }
  }

  override async seek(group: string, topic: string, offsets: readonly string[]): Promise<void> {
    await this.pool.run(SEEK, [group, topic, offsets]);
  }

  override async forgetGroup(group: string): Promise<void> {
    await this.pool.run(FORGET_GROUP, [group]);
  }

  override async problem(): Promise<string | undefined> {
    try {
      await this.pool.run(PING, []);
      return undefined;
    } catch (error) {
      return (error as EventingError).message;
    }
  }

  override close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.stop()));
    await Promise.all([this.listener.close(), this.janitor.close(), this.notifier.close()]);
    await this.pool.close();
  }
}
