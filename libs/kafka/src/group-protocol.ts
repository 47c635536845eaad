import { assign } from '@nestbox/messaging';
import kafkajs from 'kafkajs';
import type { Assigner, PartitionAssigner } from 'kafkajs';
import { buryTheDead, joining } from './group-coordinator.js';
import type { MemberIdentity } from './group-coordinator.js';
import { internalsOf } from './kafkajs-internals.js';
import type { ClusterInternals } from './kafkajs-internals.js';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;
const VERSION = 1;

export interface GroupHooks {
  /** Awaited before each (re)join: the group waits for this member until it resolves. */
  beforeJoin(): Promise<void>;
  /** Called before kafkajs resets a partition to an offset that the group did not commit. Throws to prevent it. */
  beforeReset(): void;
  onCluster(cluster: ClusterInternals): void;
  readonly member: MemberIdentity;
}

/**
 * Our own partition assignment; it also works when members read different topics, as in a rolling deployment. kafkajs gives
 * its cluster to this factory only, so the hooks that kafkajs lacks are added here.
 */
export function groupProtocol(hooks: GroupHooks): PartitionAssigner {
  return ({ cluster }) => {
    const internals = internalsOf(cluster);
    addHooks(internals, hooks);
    hooks.onCluster(internals);
    return balanced(internals);
  };
}

function addHooks(cluster: ClusterInternals, hooks: GroupHooks): void {
  const findGroupCoordinator = cluster.findGroupCoordinator.bind(cluster);
  const defaultOffset = cluster.defaultOffset.bind(cluster);
  Object.assign(cluster, {
    findGroupCoordinator: async (request: { groupId: string }) => {
      await hooks.beforeJoin();
      const coordinator = await findGroupCoordinator(request);
      await buryTheDead(coordinator, request.groupId);
      return joining(coordinator, hooks.member);
    },
    defaultOffset: (topic: { fromBeginning: boolean }) => {
      hooks.beforeReset();
      return defaultOffset(topic);
    },
  });
}

function balanced(cluster: ClusterInternals): Assigner {
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
