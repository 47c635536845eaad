import { createRequire } from 'node:module';
import { EventingError } from '@nestbox/messaging';
import kafkajs from 'kafkajs';
import type { Batch, Cluster, Kafka, KafkaMessage } from 'kafkajs';

/** The kafkajs whose private parts are used here. Every other version is used through its public interface only. */
const KNOWN_VERSION = '2.2.4';
const require = createRequire(import.meta.url);
export const kafkajsVersion = (require('kafkajs/package.json') as { version: string }).version;

/** False: this kafkajs was never checked, so its private parts must not be touched. */
export function hasKnownInternals(version = kafkajsVersion): boolean {
  return version === KNOWN_VERSION;
}

/** The private methods of kafkajs' cluster that consumers and offset commits need. */
export interface ClusterInternals extends Pick<Cluster, 'findTopicPartitionMetadata'> {
  findGroupCoordinator(request: { groupId: string }): Promise<CoordinatorInternals>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  defaultOffset(topic: { fromBeginning: boolean }): number;
  committedOffsets(group: { groupId: string }): Record<string, Record<number, string> | undefined>;
}

/** What the event of a successful join tells. */
export interface Joined {
  readonly memberId: string;
  readonly memberAssignment: Readonly<Record<string, readonly number[]>>;
}

export interface JoinRequest {
  readonly groupId: string;
  readonly memberId?: string;
}

export interface CoordinatorInternals {
  describeGroups(request: { groupIds: string[] }): Promise<{ groups: { members: { memberId: string }[] }[] }>;
  joinGroup(request: JoinRequest): Promise<unknown>;
  syncGroup(request: object): Promise<unknown>;
  leaveGroup(member: { groupId: string; memberId: string }): Promise<unknown>;
  offsetCommit(request: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
    topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
  }): Promise<unknown>;
}

/** The private methods of kafkajs' cluster that read records without a group. */
export interface ReadingCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(node: { nodeId: string }): Promise<{ fetch(request: object): Promise<{ responses: readonly FetchedTopic[] }> }>;
}
interface FetchedTopic {
  readonly partitions: readonly { readonly messages: readonly (KafkaMessage & { readonly isControlRecord?: boolean })[] }[];
}

/**
 * The private view of the cluster that a partition assigner gets. There is no public way to hold back a rejoin until handlers
 * are done, or to refuse an offset reset: without them a consumer would break its guarantees, so an unknown version is refused.
 */
export function internalsOf(cluster: Cluster, version = kafkajsVersion): ClusterInternals {
  if (hasKnownInternals(version)) return cluster as unknown as ClusterInternals;
  throw new EventingError('BROKER_UNAVAILABLE', `kafkajs ${version} is installed; consuming needs ${KNOWN_VERSION}: install that version.`);
}

/** Runs `work` on a connected cluster. kafkajs gives it to partition assigners only, so this makes a consumer that never joins. */
export async function onCluster<T>(client: Kafka, groupId: string, work: (cluster: ClusterInternals) => Promise<T>): Promise<T> {
  let internals: ClusterInternals | undefined;
  const consumer = client.consumer({
    groupId,
    partitionAssigners: [(config) => {
      internals = internalsOf(config.cluster);
      return kafkajs.PartitionAssigners.roundRobin(config);
    }],
  });
  try {
    await consumer.connect();
    return await work(internals!);
  } finally {
    await consumer.disconnect();
  }
}

/** A cluster of its own for reading without a group; undefined for an unknown version. */
export function readingClusterOf(client: Kafka, version = kafkajsVersion): ReadingCluster | undefined {
  if (!hasKnownInternals(version)) return undefined;
  const key = Object.getOwnPropertySymbols(client).find(({ description }) => description === 'private:Kafka:createCluster')!;
  const create = (client as unknown as Record<symbol, (settings: object) => ReadingCluster>)[key]!;
  return create({ allowAutoTopicCreation: false });
}

/** The offset that the fetch of this batch asked for, which may lie before the batch's first record. */
export function fetchedOffsetOf(batch: Batch): string {
  return (batch as unknown as { fetchedOffset: string }).fetchedOffset;
}

/** What kafkajs makes of a record of a batch. */
export type WireMessage = KafkaMessage & { readonly isControlRecord?: boolean };
/** What kafkajs hands on from a batch to each of its records. */
export type BatchContext = Record<string, unknown> & { readonly firstOffset: string };

/** kafkajs' reader of Kafka's bytes, as far as it is used here. */
export interface WireDecoder {
  readonly buffer: Buffer;
  offset: number;
  readInt16(): number;
  readInt32(): number;
  readInt64(): bigint;
  readString(): string;
  readBytes(): Buffer | null;
  readVarIntBytes(): Buffer | null;
  readArray<T>(read: (decoder: WireDecoder) => T): T[];
  readArrayAsync<T>(read: (decoder: WireDecoder) => Promise<T>): Promise<T[]>;
}

interface WireProtocol {
  readonly Decoder: new (bytes: Buffer) => WireDecoder;
  readonly fetch: {
    protocol(choice: { version: number }): (request: object) => { request: object; response: { decode(bytes: Buffer): Promise<object> } };
  };
  decodeRecord(decoder: WireDecoder, batch: BatchContext): WireMessage;
  decodeOldMessages(decoder: WireDecoder, bytes: number): Promise<WireMessage[]>;
}

let protocol: WireProtocol | undefined;

/** Private files of kafkajs, for the known version only: they are loaded when first asked for, as another may not have them. */
export function wireProtocol(): WireProtocol {
  return (protocol ??= {
    Decoder: require('kafkajs/src/protocol/decoder'),
    fetch: require('kafkajs/src/protocol/requests/fetch'),
    decodeRecord: require('kafkajs/src/protocol/recordBatch/record/v0/decoder'),
    decodeOldMessages: require('kafkajs/src/protocol/messageSet/decoder'),
  });
}
