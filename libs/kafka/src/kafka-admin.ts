import { setTimeout as pause } from 'node:timers/promises';
import { EventingError, partitionLag, refuseDrift } from '@nestbox/messaging';
import type { PartitionBounds, PartitionLag, TopicPartition, TopicSpec } from '@nestbox/messaging';
import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { AdminClients } from './admin-clients.js';
import { createClient } from './client.js';
import { commitOffsets } from './commit-offsets.js';
import { kafkaErrorType, toEventingError, withCoordinator, withDeadline } from './kafka.error.js';
import type { KafkaBrokerOptions } from './kafka.options.js';
import { describeSettings, settingsOf } from './topic-settings.js';

const { MemberAssignment } = kafkajs.AssignerProtocol;
const DEADLINE_MS = 15_000;

/** Topics, offsets and health. Connects at the first request. */
export class KafkaAdmin {
  private readonly clients: AdminClients;
  /** For health checks: few retries, so that the answer comes soon. */
  private readonly probes: AdminClients;

  constructor(private readonly options: KafkaBrokerOptions) {
    const connect = async (retries?: number) => {
      const admin = createClient({ ...options, retries }).admin();
      await admin.connect();
      return admin;
    };
    this.clients = new AdminClients(() => connect());
    this.probes = new AdminClients(() => connect(1));
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    for (const topic of topics) if ((await this.partitionsOf(topic.name)) === undefined) await this.create(topic);
    const settings = await this.ask((admin) => describeSettings(admin, topics));
    for (const topic of topics) {
      refuseDrift(topic, { partitions: (await this.partitionsOf(topic.name)) ?? 0, ...settings.get(topic.name)! });
    }
  }

  /** Undefined when there is no such topic. */
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

  async lag(group: string, topics: readonly string[]): Promise<PartitionLag[]> {
    // Committed offsets first: a record that arrives in between counts as lag. The other order could give a negative lag.
    const committed = await this.ask((admin) => admin.fetchOffsets({ groupId: group, topics: [...topics] }));
    const lags: PartitionLag[] = [];
    for (const { topic, partitions } of committed) {
      const bounds = new Map((await this.endsOf(topic)).map((bound) => [bound.partition, bound]));
      for (const { partition, offset } of [...partitions].sort((a, b) => a.partition - b.partition)) {
        const { low = '0', high = '0' } = bounds.get(partition) ?? {};
        const next = offset === '-1' ? null : BigInt(offset);
        lags.push(partitionLag({ topic, partition }, next, { earliest: BigInt(low), end: BigInt(high) }));
      }
    }
    return lags;
  }

  async owned(group: string): Promise<TopicPartition[]> {
    const { groups } = await this.ask((admin) => admin.describeGroups([group]));
    const assignments = groups.flatMap(({ members }) => members.map(({ memberAssignment }) => MemberAssignment.decode(memberAssignment)?.assignment ?? {}));
    return assignments.flatMap((topics) =>
      Object.entries(topics).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition }))),
    );
  }

  async bounds(topics: readonly string[]): Promise<PartitionBounds[]> {
    const known: PartitionBounds[] = [];
    for (const topic of topics) {
      if ((await this.partitionsOf(topic)) === undefined) continue;
      const offsets = await this.endsOf(topic);
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

  async seek(group: string, topic: string, offsets: readonly string[]): Promise<void> {
    try {
      await withDeadline(commitOffsets(this.options, group, topic, offsets), DEADLINE_MS, 'Setting the offsets of a group');
    } catch (error) {
      throw toEventingError(error);
    }
  }

  async forgetGroup(group: string): Promise<void> {
    await this.ask(async (admin) => {
      try {
        await admin.deleteGroups([group]);
      } catch (error) {
        // Expected: the group does not exist, or still has members and is kept.
        const results = (error as { groups?: { error?: { type?: string } }[] }).groups ?? [];
        const types = results.map((result) => result.error?.type ?? '');
        if (types.length === 0 || types.some((type) => !['GROUP_ID_NOT_FOUND', 'NON_EMPTY_GROUP'].includes(type))) throw error;
      }
    });
  }

  async problem(): Promise<string | undefined> {
    try {
      await this.probes.ask((admin) => admin.describeCluster(), 5_000);
      return undefined;
    } catch (error) {
      return toEventingError(error).message;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.clients.close(), this.probes.close()]);
  }

  private endsOf(topic: string): ReturnType<Admin['fetchTopicOffsets']> {
    return this.ask((admin) => admin.fetchTopicOffsets(topic));
  }

  private async create(topic: TopicSpec): Promise<void> {
    const { name, partitions } = topic;
    const created = { topic: name, numPartitions: partitions, configEntries: settingsOf(topic) };
    await this.ask((admin) => admin.createTopics({ waitForLeaders: false, topics: [created] }));
    // Right after its creation a broker may not know the topic yet, and kafkajs does not ask again.
    for (const until = performance.now() + DEADLINE_MS; performance.now() < until; await pause(50)) {
      if ((await this.partitionsOf(name).catch(() => undefined)) !== undefined) return;
    }
    throw new EventingError('BROKER_UNAVAILABLE', `Topic ${name} was created and cannot be seen yet.`);
  }

  private async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      return await withCoordinator(() => this.clients.ask(question, DEADLINE_MS));
    } catch (error) {
      throw toEventingError(error);
    }
  }
}
