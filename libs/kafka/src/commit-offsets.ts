import { EventingError } from '@nestbox/messaging';
import type { Kafka } from 'kafkajs';
import { createClient } from './client.js';
import { kafkaErrorType, withCoordinator } from './kafka.error.js';
import type { KafkaBrokerOptions } from './kafka.options.js';
import { hasKnownInternals, kafkajsVersion, onCluster } from './kafkajs-internals.js';

/** Marks a commit that comes from outside the group. */
const NO_MEMBER = { groupGenerationId: -1, memberId: '' };

type Offsets = readonly { partition: number; offset: string }[];

/**
 * Sets the offsets of a group without members, as Kafka's own tools do: kafkajs' public setOffsets would join the group for
 * five seconds, set nothing while the coordinator is not ready, and may leave a member behind that delays the next join by
 * 30 s or more. Rejects with PARTITION_LOST when the group has members.
 */
export async function commitOffsets(
  options: KafkaBrokerOptions,
  groupId: string,
  topic: string,
  offsets: readonly string[],
  version = kafkajsVersion,
): Promise<void> {
  const partitions = offsets.map((offset, partition) => ({ partition, offset }));
  try {
    const commit = hasKnownInternals(version) ? commitFromOutside : commitAsMember;
    await commit(createClient(options), groupId, topic, partitions);
  } catch (error) {
    const hasMembers = kafkaErrorType(error) === 'UNKNOWN_MEMBER_ID' || /must have no running instances/.test(String(error));
    if (!hasMembers) throw error;
    throw new EventingError('PARTITION_LOST', `${groupId} has members: only they may set its offsets.`, { cause: error });
  }
}

async function commitFromOutside(client: Kafka, groupId: string, topic: string, partitions: Offsets): Promise<void> {
  const topics = [{ topic, partitions: [...partitions] }];
  await onCluster(client, groupId, (cluster) =>
    withCoordinator(async () => {
      const coordinator = await cluster.findGroupCoordinator({ groupId });
      await coordinator.offsetCommit({ groupId, ...NO_MEMBER, topics });
    }),
  );
}

/** The public way, for versions of kafkajs whose internals are not known. */
async function commitAsMember(client: Kafka, groupId: string, topic: string, partitions: Offsets): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  try {
    await admin.setOffsets({ groupId, topic, partitions: [...partitions] });
  } finally {
    await admin.disconnect();
  }
}
