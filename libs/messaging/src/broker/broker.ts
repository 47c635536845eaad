/** One record as the broker holds it. Offsets are decimal strings because Kafka's are 64 bit. */
export interface BrokerRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Header values decoded as UTF-8; a repeated header keeps its last value. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch, set by the producer or the broker. */
  readonly timestamp: number;
  /** Whether its trace is collected. Set by adapters that know this without decoding the header. */
  readonly isCollected?: boolean;
}

/** A record to publish. Without `partition` it goes to murmur2(key) mod partitions, as in Kafka's Java client. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  /** Null: a tombstone, which removes its key from a compacted topic. */
  readonly value: string | Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Only to restore a record into its old partition. */
  readonly partition?: number;
}

/**
 * Records of one partition in offset order, without gaps. Only a compacted topic has gaps, where a later record has
 * replaced an earlier one of its key.
 */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly BrokerRecord[];
  /** The offset that the next record appended to this partition will get, as of this fetch. */
  readonly highWatermark: string;
}

/** What the handler of a batch may ask of the subscription that delivered it. */
export interface BatchControl {
  /**
   * False once the partition is lost or about to be lost, or the consumer is stopping: start nothing more and return
   * soon. Finished work may still be committed; `commit` rejects if another member owns the partition.
   */
  isOwned(): boolean;
  /** Keeps the membership alive during a slow batch. The adapter throttles it. Rejects when ownership is lost. */
  heartbeat(): Promise<void>;
  /**
   * Commits progress: `nextOffset` is the first offset NOT yet handled. Never moves backwards.
   * Rejects when another member owns the partition; nothing is committed then.
   */
  commit(nextOffset: string): Promise<void>;
}

/**
 * Handles one batch. Never called twice at once for the same partition of a group; different partitions run in parallel.
 * When it resolves, everything below the committed offset is done; the rest is delivered again. When it rejects, the
 * adapter waits (100 ms, doubling to 1 s) and delivers again from the committed offset. After a rejection with PAUSED it
 * delivers again every 250 ms and logs nothing.
 */
export type BatchHandler = (batch: PartitionBatch, control: BatchControl) => Promise<void>;

export interface SubscribeOptions {
  /** Used as it is, without a suffix. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly handler: BatchHandler;
  /** At most this many records in one batch. Default 500. */
  readonly maxBatch?: number;
  /** How many partitions are handled in parallel. Default 4. */
  readonly concurrency?: number;
  /** The member counts as dead after this many ms without a heartbeat. Default 30 000. */
  readonly sessionTimeoutMs?: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface Subscription {
  /** Partitions that this member owns now. */
  assigned(): readonly TopicPartition[];
  /** Undefined while healthy; otherwise one line that says why nothing is consumed. */
  problem(): string | undefined;
  /** True when it has stopped because going on would skip records that the group has not read. */
  waitsForOperator?(): boolean;
  /** Stops fetching, waits for running handlers, leaves the group. Idempotent. */
  stop(): Promise<void>;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** Records are kept at least this long. Default: seven days. Has no meaning for a compacted topic. */
  readonly retentionMs?: number;
  /**
   * `compact`: the last record of each key is kept forever, earlier ones for a while, a tombstone for a day. Default:
   * `delete`, by age.
   */
  readonly cleanup?: 'delete' | 'compact';
}

export interface PartitionLag extends TopicPartition {
  /** The first offset that the group has not committed; null when it never committed. */
  readonly committed: string | null;
  readonly end: string;
  readonly lag: number;
}

/** The offsets that a partition still holds: from `earliest` up to, not including, `end`. */
export interface PartitionBounds extends TopicPartition {
  readonly earliest: string;
  readonly end: string;
}

/** Reading starts at this offset, or at the first higher one that still exists. */
export interface ReadingPlace extends TopicPartition {
  readonly from: string;
}

/**
 * PORT: a partitioned log with consumer groups. Adapters: kafka/, postgres-log/, and in memory for tests; all pass
 * testing/broker.contract.ts.
 *
 * Guarantees of every adapter:
 * - `publish` resolves after the whole batch is durable on the broker (acks=all). When it rejects, any part of the batch
 *   may have been appended: publish the same batch again. Records of one key keep the order of the array.
 * - Delivery is at least once, in offset order per partition. A group that never committed starts at the earliest record.
 * - A member that lost its partition cannot move the group's committed offset (fencing).
 * - Failures are `EventingError`s: BROKER_UNAVAILABLE (transient: try again), PUBLISH_REFUSED (permanent for these
 *   records: too large, unknown topic, not authorised), or BATCH_UNREADABLE (permanent, of `read`).
 */
export abstract class Broker {
  /** OpenTelemetry's `messaging.system.name`; the broker's own name where the conventions define none. */
  abstract readonly system: string;
  abstract connect(): Promise<void>;
  /**
   * Creates missing topics. Rejects when an existing topic has another partition count (TOPIC_PARTITIONS_CHANGED),
   * another cleanup policy or a shorter retention (TOPIC_DRIFTED).
   */
  abstract ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  abstract publish(records: readonly OutgoingRecord[]): Promise<void>;
  abstract subscribe(options: SubscribeOptions): Promise<Subscription>;
  abstract lag(group: string, topics: readonly string[]): Promise<PartitionLag[]>;
  /** The partitions that some living member of the group owns. */
  abstract owned(group: string): Promise<TopicPartition[]>;
  /** The bounds of every partition of these topics; none for a topic that does not exist. */
  abstract bounds(topics: readonly string[]): Promise<PartitionBounds[]>;
  /** By partition number: the first offset with this timestamp or a later one, else the end of the partition. */
  abstract offsetsAt(topic: string, timestamp: number): Promise<string[]>;
  /**
   * Reads these partitions up to their present end, each in offset order. Changes no group's progress. For searches by
   * people, not for handlers.
   */
  abstract read(places: readonly ReadingPlace[], take: (records: readonly BrokerRecord[]) => void): Promise<void>;
  /** Sets the offsets of a group without members: one for each partition of the topic, by its number. */
  abstract seek(group: string, topic: string, offsets: readonly string[]): Promise<void>;
  /** Deletes the committed offsets of a group without members. */
  abstract forgetGroup(group: string): Promise<void>;
  /** Undefined when the broker answers, otherwise one line that says what is wrong. */
  abstract problem(): Promise<string | undefined>;
  /** Stops every subscription, then closes connections. Idempotent. */
  abstract close(): Promise<void>;
}
