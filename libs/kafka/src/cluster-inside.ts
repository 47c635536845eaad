import kafkajs from 'kafkajs';
import type { Cluster, Kafka } from 'kafkajs';

/** What kafkajs' cluster has beyond its types; as of the version that client-patches.ts insists on. */
export interface ClusterInside extends Pick<Cluster, 'findTopicPartitionMetadata'> {
  findGroupCoordinator(request: { groupId: string }): Promise<CoordinatorInside>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  defaultOffset(topic: { fromBeginning: boolean }): number;
  committedOffsets(group: { groupId: string }): Record<string, Record<number, string> | undefined>;
}

interface CoordinatorInside {
  leaveGroup(member: { groupId: string; memberId: string }): Promise<unknown>;
  offsetCommit(request: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
    topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
  }): Promise<unknown>;
}

/** The cluster is handed out to what assigns partitions only: to a consumer, which joins nothing for it. */
export async function onCluster<T>(client: Kafka, groupId: string, work: (cluster: ClusterInside) => Promise<T>): Promise<T> {
  let inside: ClusterInside | undefined;
  const consumer = client.consumer({
    groupId,
    partitionAssigners: [(config) => {
      inside = config.cluster as unknown as ClusterInside;
      return kafkajs.PartitionAssigners.roundRobin(config);
    }],
  });
  try {
    await consumer.connect();
    return await work(inside!);
  } finally {
    await consumer.disconnect();
  }
}
