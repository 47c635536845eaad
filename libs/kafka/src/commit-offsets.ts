import { EventingError } from '@nestbox/messaging';
import { createClient } from './client.js';
import { onCluster } from './cluster-inside.js';
import { onceCoordinated } from './coordinator.js';
import { kafkaErrorType } from './kafka.error.js';
import type { KafkaBrokerOptions } from './kafka.options.js';

/** How a commit says that it is nobody's of the group. */
const NOBODY = { groupGenerationId: -1, memberId: '' };

/**
 * Tells a group without members where to go on, as Kafka's own tools do. kafkajs' setOffsets would join the group for it, for
 * five seconds. When the coordinator is not ready it resolves without having set anything; when its member cannot leave, or its
 * consumer starts again behind our back, whoever joins next waits for 30 s or more.
 * Rejects with PARTITION_LOST when the group has members.
 */
export async function commitOffsets(options: KafkaBrokerOptions, groupId: string, topic: string, offsets: readonly string[]): Promise<void> {
  const topics = [{ topic, partitions: offsets.map((offset, partition) => ({ partition, offset })) }];
  try {
    await onCluster(createClient(options), groupId, (cluster) =>
      onceCoordinated(async () => {
        const coordinator = await cluster.findGroupCoordinator({ groupId });
        await coordinator.offsetCommit({ groupId, ...NOBODY, topics });
      }),
    );
  } catch (error) {
    if (kafkaErrorType(error) !== 'UNKNOWN_MEMBER_ID') throw error;
    throw new EventingError('PARTITION_LOST', `${groupId} has members: where it goes on is theirs to say.`, { cause: error });
  }
}
