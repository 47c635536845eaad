import { assign } from '@nestbox/messaging';
import kafkajs from 'kafkajs';
import type { Assigner, PartitionAssigner } from 'kafkajs';
import type { ClusterInside } from './cluster-inside.js';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;
const VERSION = 1;

export interface GroupHooks {
  /** Awaited before each (re)join: until it resolves, the group waits for this member. */
  beforeJoin(): Promise<void>;
  /** kafkajs is about to give a partition another offset than the group committed. Throws to prevent it. */
  beforeReset(): void;
  onCluster(cluster: ClusterInside): void;
}

/**
 * Our own assignment, which also serves groups whose members read different topics (as in a rolling deployment). The
 * factory is the one place where kafkajs hands out its cluster, so the hooks that it lacks are hung in here.
 */
export function groupProtocol(hooks: GroupHooks): PartitionAssigner {
  return ({ cluster }) => {
    const inside = cluster as unknown as ClusterInside;
    hang(inside, hooks);
    hooks.onCluster(inside);
    return balanced(inside);
  };
}

function hang(cluster: ClusterInside, hooks: GroupHooks): void {
  const findGroupCoordinator = cluster.findGroupCoordinator.bind(cluster);
  const defaultOffset = cluster.defaultOffset.bind(cluster);
  Object.assign(cluster, {
    findGroupCoordinator: async (request: { groupId: string }) => {
      await hooks.beforeJoin();
      return findGroupCoordinator(request);
    },
    defaultOffset: (topic: { fromBeginning: boolean }) => {
      hooks.beforeReset();
      return defaultOffset(topic);
    },
  });
}

function balanced(cluster: ClusterInside): Assigner {
  return {
    name: 'NestboxBalanced',
    version: VERSION,
    protocol: ({ topics }) => ({
      name: 'NestboxBalanced',
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.alloc(0) }),
    }),
    assign: async ({ members }) => {
      const readers = members.map(({ memberId, memberMetadata }) => ({
        id: memberId,
        topics: MemberMetadata.decode(memberMetadata)?.topics ?? [],
      }));
      const topics = [...new Set(readers.flatMap((reader) => reader.topics))];
      await cluster.addMultipleTargetTopics(topics);
      const partitions = topics.flatMap((topic) =>
        cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ topic, partition: partitionId })),
      );
      return [...assign(readers, partitions)].map(([memberId, owned]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({ version: VERSION, assignment: byTopic(owned), userData: Buffer.alloc(0) }),
      }));
    },
  };
}

function byTopic(partitions: readonly { topic: string; partition: number }[]): Record<string, number[]> {
  const assignment: Record<string, number[]> = {};
  for (const { topic, partition } of partitions) (assignment[topic] ??= []).push(partition);
  return assignment;
}
