import { randomUUID } from 'node:crypto';
import { EventingError } from '@nestbox/messaging';
import type { BrokerRecord, PartitionBounds, ReadingPlace } from '@nestbox/messaging';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { createClient } from './client.js';
import { toEventingError } from './kafka.error.js';
import { unreadable } from './fetched-batches.js';
import { KafkaRecord } from './kafka-record.js';
import type { KafkaBrokerOptions } from './kafka.options.js';
import { kafkajsVersion, readingClusterOf } from './kafkajs-internals.js';
import type { ReadingCluster } from './kafkajs-internals.js';

const MAX_FETCH_BYTES = 4 * 1024 * 1024;
const MAX_WAIT_MS = 500;

type Section = ReadingPlace & Pick<PartitionBounds, 'end'>;
type Take = (records: readonly BrokerRecord[]) => void;

/** Reads sections of partitions without a consumer group: joining one takes seconds and leaves it behind. */
export async function readToEnd(options: KafkaBrokerOptions, sections: readonly Section[], take: Take, version = kafkajsVersion): Promise<void> {
  const open = sections.filter(({ from, end }) => BigInt(from) < BigInt(end));
  if (open.length === 0) return;
  const client = createClient(options);
  const cluster = readingClusterOf(client, version);
  try {
    await (cluster ? readFrom(cluster, open, take) : readAsGroup(client, open, take));
  } catch (error) {
    throw toEventingError(error);
  }
}

async function readFrom(cluster: ReadingCluster, sections: readonly Section[], take: Take): Promise<void> {
  try {
    await cluster.connect();
    await cluster.addMultipleTargetTopics([...new Set(sections.map(({ topic }) => topic))]);
    for (const section of sections) await readSection(cluster, section, take);
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}

async function readSection(cluster: ReadingCluster, section: Section, take: Take): Promise<void> {
  const { topic, partition, from, end } = section;
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new EventingError('BROKER_UNAVAILABLE', `${topic}[${partition}] has no leader.`);
  const broker = await cluster.findBroker({ nodeId });
  for (let next = BigInt(from); next < BigInt(end); ) {
    const wanted = { partition, fetchOffset: String(next), maxBytes: MAX_FETCH_BYTES };
    const limits = { maxWaitTime: MAX_WAIT_MS, minBytes: 1, maxBytes: MAX_FETCH_BYTES, isolationLevel: 1 };
    const { responses } = await broker.fetch({ ...limits, topics: [{ topic, partitions: [wanted] }] });
    const messages = responses.flatMap(({ partitions }) => partitions.flatMap((fetched) => fetched.messages));
    // No records are left before the end: the rest is transaction markers, or was deleted meanwhile.
    if (messages.length === 0) return;
    pass(messages.filter(({ isControlRecord }) => !isControlRecord), { ...section, from: String(next) }, take);
    next = BigInt(messages.at(-1)!.offset) + 1n;
  }
}

/** A fetch starts with the batch that holds the offset, so earlier records may come first. */
function pass(messages: readonly KafkaMessage[], { topic, partition, from, end }: Section, take: Take): void {
  const inside = messages.filter(({ offset }) => BigInt(offset) >= BigInt(from) && BigInt(offset) < BigInt(end));
  const fault = unreadable(inside.at(-1));
  if (fault !== undefined) throw new EventingError('BATCH_UNREADABLE', `${topic}[${partition}] has a batch, ending with offset ${inside.at(-1)!.offset}, that cannot be read: ${fault}.`);
  if (inside.length > 0) take(inside.map((message) => new KafkaRecord(topic, partition, message)));
}

/** The public way, for versions of kafkajs whose internals are not known: a temporary group, deleted afterwards. */
async function readAsGroup(client: Kafka, sections: readonly Section[], take: Take): Promise<void> {
  const groupId = `nestbox.read.${randomUUID()}`;
  const left = new Map(sections.map((section) => [`${section.topic}[${section.partition}]`, section]));
  const consumer = client.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: MAX_WAIT_MS });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(sections.map(({ topic }) => topic))], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      // Also sent for a batch of transaction markers only, which eachBatch never sees.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) => {
        const section = left.get(`${topic}[${partition}]`);
        if (section && BigInt(lastOffset) + 1n >= BigInt(section.end)) left.delete(`${topic}[${partition}]`);
        if (left.size === 0) resolve();
      });
      const eachBatch = async ({ batch }: { batch: { topic: string; partition: number; messages: KafkaMessage[] } }) => {
        const section = left.get(`${batch.topic}[${batch.partition}]`);
        if (section) pass(batch.messages, section, take);
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
      for (const { topic, partition, from } of sections) consumer.seek({ topic, partition, offset: from });
    });
  } finally {
    await consumer.disconnect().catch(() => undefined);
    const admin = client.admin();
    await admin.connect().then(() => admin.deleteGroups([groupId])).catch(() => undefined);
    await admin.disconnect().catch(() => undefined);
  }
}
