import { EventingError } from '@nestbox/messaging';
import type { BrokerRecord, PartitionBounds, ReadingPlace } from '@nestbox/messaging';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { createClient } from './client.js';
import { KafkaRecord } from './kafka-record.js';
import { toEventingError } from './kafka.error.js';
import type { KafkaBrokerOptions } from './kafka.options.js';

const MAX_FETCH_BYTES = 4 * 1024 * 1024;
const MAX_WAIT_MS = 500;

/** What kafkajs reads with and keeps to itself; as of the version that client-patches.ts insists on. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(node: { nodeId: string }): Promise<{ fetch(request: object): Promise<{ responses: readonly FetchedTopic[] }> }>;
}
interface FetchedTopic {
  readonly partitions: readonly { readonly messages: readonly (KafkaMessage & { readonly isControlRecord?: boolean })[] }[];
}

type Place = ReadingPlace & Pick<PartitionBounds, 'end'>;

/** Fetches without any group: kafkajs' own consumers join one, which takes seconds and leaves it behind. */
export async function readToEnd(
  options: KafkaBrokerOptions,
  places: readonly Place[],
  take: (records: readonly BrokerRecord[]) => void,
): Promise<void> {
  const open = places.filter(({ from, end }) => BigInt(from) < BigInt(end));
  if (open.length === 0) return;
  const cluster = clusterOf(createClient(options));
  try {
    await cluster.connect();
    await cluster.addMultipleTargetTopics([...new Set(open.map(({ topic }) => topic))]);
    for (const place of open) await readPlace(cluster, place, take);
  } catch (error) {
    throw toEventingError(error);
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}

async function readPlace(cluster: Cluster, { topic, partition, from, end }: Place, take: (records: readonly BrokerRecord[]) => void) {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new EventingError('BROKER_UNAVAILABLE', `${topic}[${partition}] has no leader.`);
  const broker = await cluster.findBroker({ nodeId });
  for (let next = BigInt(from); next < BigInt(end); ) {
    const asked = { partition, fetchOffset: String(next), maxBytes: MAX_FETCH_BYTES };
    const limits = { maxWaitTime: MAX_WAIT_MS, minBytes: 1, maxBytes: MAX_FETCH_BYTES, isolationLevel: 1 };
    const { responses } = await broker.fetch({ ...limits, topics: [{ topic, partitions: [asked] }] });
    const messages = responses.flatMap(({ partitions }) => partitions.flatMap((fetched) => fetched.messages));
    // Nothing more to be had below the end: the rest is markers, or has been deleted since.
    if (messages.length === 0) return;
    // A fetch begins with the batch that the offset is in.
    const isMeant = ({ offset }: KafkaMessage) => BigInt(offset) >= next && BigInt(offset) < BigInt(end);
    const records = messages.filter((message) => !message.isControlRecord && isMeant(message));
    if (records.length > 0) take(records.map((message) => new KafkaRecord(topic, partition, message)));
    next = BigInt(messages.at(-1)!.offset) + 1n;
  }
}

function clusterOf(client: Kafka): Cluster {
  const key = Object.getOwnPropertySymbols(client).find(({ description }) => description === 'private:Kafka:createCluster')!;
  const create = (client as unknown as Record<symbol, (settings: object) => Cluster>)[key]!;
  return create({ allowAutoTopicCreation: false });
}
