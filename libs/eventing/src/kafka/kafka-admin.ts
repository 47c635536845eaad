import type { Admin } from 'kafkajs';
import type { PartitionBounds, PartitionLag, TopicSpec } from '../broker/broker.js';
import { partitionLag } from '../broker/lag.js';
import { refuseOtherPartitionCount } from '../broker/topic-partitions.js';
import { createClient } from './client.js';
import { withDeadline } from './deadline.js';
import { kafkaErrorType, toEventingError } from './kafka.error.js';
import type { KafkaBrokerOptions } from './kafka.options.js';

const SEVEN_DAYS_MS = 7 * 24 * 60 * 60 * 1000;
const DEADLINE_MS = 15_000;

/** Topics, offsets and health. Connects at the first question, and anew after one that failed. */
export class KafkaAdmin {
  private admin: Promise<Admin> | undefined;

  constructor(private readonly options: KafkaBrokerOptions) {}

  async ensureTopic(topic: TopicSpec): Promise<void> {
    if ((await this.partitionsOf(topic.name)) === undefined) await this.create(topic);
    refuseOtherPartitionCount(topic, (await this.partitionsOf(topic.name)) ?? 0);
  }

  /** Undefined when the brokers know no such topic. */
  partitionsOf(topic: string): Promise<number | undefined> {
    return this.ask(async (admin) => {
      try {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        return topics[0].partitions.length;
      } catch (error) {
        if (kafkaErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
        throw error;
      }
    });
  }

  lag(group: string, topics: readonly string[]): Promise<PartitionLag[]> {
    return this.ask(async (admin) => {
      // Committed first: records that come in between count as lag, never as less than none.
      const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
      const lags: PartitionLag[] = [];
      for (const { topic, partitions } of committed) {
        const bounds = new Map((await admin.fetchTopicOffsets(topic)).map((bound) => [bound.partition, bound]));
        for (const { partition, offset } of [...partitions].sort((a, b) => a.partition - b.partition)) {
          const { low = '0', high = '0' } = bounds.get(partition) ?? {};
          const next = offset === '-1' ? null : BigInt(offset);
          lags.push(partitionLag({ topic, partition }, next, { earliest: BigInt(low), end: BigInt(high) }));
        }
      }
      return lags;
    });
  }

  async bounds(topics: readonly string[]): Promise<PartitionBounds[]> {
    const known: PartitionBounds[] = [];
    for (const topic of topics) {
      if ((await this.partitionsOf(topic)) === undefined) continue;
      const offsets = await this.ask((admin) => admin.fetchTopicOffsets(topic));
      for (const { partition, low, high } of offsets.sort((a, b) => a.partition - b.partition)) {
        known.push({ topic, partition, earliest: low, end: high });
      }
    }
    return known;
  }

  offsetsAt(topic: string, timestamp: number): Promise<string[]> {
    return this.ask(async (admin) => {
      const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, timestamp);
      return offsets.sort((a, b) => a.partition - b.partition).map(({ offset }) => offset);
    });
  }

  async forgetGroup(group: string): Promise<void> {
    await this.ask(async (admin) => {
      try {
        await admin.deleteGroups([group]);
      } catch (error) {
        // A group that has never been, or that still has members, whose offsets are theirs.
        const results = (error as { groups?: { error?: { type?: string } }[] }).groups ?? [];
        const types = results.map((result) => result.error?.type ?? '');
        if (types.length === 0 || types.some((type) => !['GROUP_ID_NOT_FOUND', 'NON_EMPTY_GROUP'].includes(type))) throw error;
      }
    });
  }

  async problem(): Promise<string | undefined> {
    try {
      await this.ask((admin) => admin.describeCluster(), 5_000);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  async close(): Promise<void> {
    const { admin } = this;
    this.admin = undefined;
    await admin?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  private async create({ name, partitions, retentionMs = SEVEN_DAYS_MS }: TopicSpec): Promise<void> {
    await this.ask((admin) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: [{
          topic: name,
          numPartitions: partitions,
          configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
        }],
      }),
    );
  }

  private async ask<T>(question: (admin: Admin) => Promise<T>, deadlineMs = DEADLINE_MS): Promise<T> {
    const connecting = (this.admin ??= this.connect());
    try {
      return await withDeadline(connecting.then(question), deadlineMs, 'An answer of Kafka');
    } catch (error) {
      if (this.admin === connecting) this.admin = undefined;
      void connecting.then((admin) => admin.disconnect()).catch(() => undefined);
      throw toEventingError(error);
    }
  }

  private async connect(): Promise<Admin> {
    const admin = createClient(this.options).admin();
    await admin.connect();
    return admin;
  }
}
