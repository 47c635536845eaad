/** One record as the broker holds it. Offsets are decimal strings because Kafka's are 64 bit. */
export interface BrokerRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Header values decoded as UTF-8; a repeated header keeps its last value. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch, as the producer (or the broker) stamped it. */
  readonly timestamp: number;
  /** Whether its trace is collected, where that can be had for less than the header costs as text. */
  readonly isCollected?: boolean;
}

/** A record on its way out. The partition is always murmur2(key) mod partitions, as Java's client has it. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  /** Null: a tombstone, which takes its key out of a compacted topic. */
  readonly value: string | Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Only for what brings a record back to where it stood once; by the key, unless given. */
  readonly partition?: number;
}

/**
 * Records of one partition in offset order, without a hole between two of them that the group has not seen. A compacted
 * topic has holes where a later record of the key has taken an earlier one's place.
 */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly BrokerRecord[];
  /** The offset that the next record appended to this partition will get, as of this fetch. */
  readonly highWatermark: string;
}

/** What a running batch may ask of the consumer that delivered it. */
export interface BatchControl {
  /**
   * False once the partition has been or is to be taken away, or the consumer is stopping: begin nothing more and
   * return soon. What has been done may still be committed; if somebody else owns the partition, `commit` rejects.
   */
  isOwned(): boolean;
  /** Keeps the membership alive while a slow batch runs. Cheap: throttled by the adapter. Rejects when ownership is lost. */
  heartbeat(): Promise<void>;
  /**
   * Commits progress: `nextOffset` is the first offset NOT yet handled. Never moves backwards.
   * Rejects when the partition is owned by another member by now (the commit then did not happen).
   */
  commit(nextOffset: string): Promise<void>;
}

/**
 * Called for one partition at a time, never twice at once for the same partition of a group; different partitions run
 * side by side. When it resolves, everything up to what it committed is done; records above that are delivered again.
 * When it rejects, the adapter backs off (100 ms doubling to 5 s) and delivers again from the last committed offset;
 * after a rejection with PAUSED it asks again every 250 ms, and tells nobody.
 */
export type BatchHandler = (batch: PartitionBatch, control: BatchControl) => Promise<void>;

export interface SubscribeOptions {
  /** Exactly this group name, no suffix. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly handler: BatchHandler;
  /** At most this many records in one batch. Default 500. */
  readonly maxBatch?: number;
  /** How many partitions are handled side by side. Default 4. */
  readonly concurrency?: number;
  /** The member is taken for dead after this many ms without a heartbeat. Default: the adapter's, 30 000. */
  readonly sessionTimeoutMs?: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface Subscription {
  /** Partitions that this member owns now. */
  assigned(): readonly TopicPartition[];
  /** Undefined while healthy; otherwise one line saying why nothing is being consumed. */
  problem(): string | undefined;
  /** True when it stands still because going on by itself would skip records that the group has not seen. */
  waitsForOperator?(): boolean;
  /** Stops fetching, waits for running handlers, leaves the group. Idempotent. */
  stop(): Promise<void>;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** How long records are kept at least. Default: seven days. Says nothing of a compacted topic. */
  readonly retentionMs?: number;
  /**
   * `compact`: of each key the last record is kept for ever, earlier ones only for a while, and a tombstone, as the last
   * one, for a day. Default: `delete`, by age.
   */
  readonly cleanup?: 'delete' | 'compact';
}

export interface PartitionLag extends TopicPartition {
  /** First offset the group has not committed; null when it never committed. */
  readonly committed: string | null;
  readonly end: string;
  readonly lag: number;
}

/** What a partition still holds: from `earliest` up to, not including, `end`. */
export interface PartitionBounds extends TopicPartition {
  readonly earliest: string;
  readonly end: string;
}

/** Where in a partition reading begins: this offset, or the first one above that is still there. */
export interface ReadingPlace extends TopicPartition {
  readonly from: string;
}

/**
 * PORT: a partitioned log with consumer groups. Adapters: kafka/, postgres-log/, and in memory for tests; all pass
 * testing/broker.contract.ts.
 *
 * Guarantees that every adapter gives:
 * - `publish` resolves only after the whole batch is durable on the broker (acks=all); on rejection any part of it may
 *   or may not have been appended: publish the same batch again. Records of one key keep their order in the array.
 * - Delivery is at least once, in offset order per partition. A group that never committed starts at the earliest record.
 * - A member that lost its partition cannot move the group's committed offset (fencing).
 * - Failures are `EventingError`s: code BROKER_UNAVAILABLE (transient: try again), or PUBLISH_REFUSED (permanent for
 *   this content: record too large, unknown topic, not authorised).
 */
export abstract class Broker {
  /** What OpenTelemetry's conventions call it, as `messaging.system.name`; its own name where they know none. */
  abstract readonly system: string;
  abstract connect(): Promise<void>;
  /**
   * Creates what is missing. Refuses a topic that exists with another partition count (TOPIC_PARTITIONS_CHANGED), with
   * another cleanup policy, or with a shorter retention (TOPIC_DRIFTED).
   */
  abstract ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  abstract publish(records: readonly OutgoingRecord[]): Promise<void>;
  abstract subscribe(options: SubscribeOptions): Promise<Subscription>;
  abstract lag(group: string, topics: readonly string[]): Promise<PartitionLag[]>;
  /** What every partition of these topics still holds; nothing of a topic that does not exist. */
  abstract bounds(topics: readonly string[]): Promise<PartitionBounds[]>;
  /** By partition number, the first offset whose record is stamped `timestamp` or later; the end where there is none. */
  abstract offsetsAt(topic: string, timestamp: number): Promise<string[]>;
  /**
   * Hands over what these partitions hold from there up to now, each in offset order, to nobody's progress: no group that
   * anybody consumes with is touched. For people who look for something, not for handlers.
   */
  abstract read(places: readonly ReadingPlace[], take: (records: readonly BrokerRecord[]) => void): Promise<void>;
  /** Lets a group without members go on from these offsets, one for each partition of the topic by its number. */
  abstract seek(group: string, topic: string, offsets: readonly string[]): Promise<void>;
  /** Forgets what a group without members has committed. */
  abstract forgetGroup(group: string): Promise<void>;
  /** Undefined when the broker answers, otherwise one line saying what is wrong. */
  abstract problem(): Promise<string | undefined>;
  /** Stops every subscription, then closes connections. Idempotent. */
  abstract close(): Promise<void>;
}
