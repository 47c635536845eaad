import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { backOff } from '../broker/back-off.js';
import { EventingError } from '../eventing.error.js';
import { createClient } from './client.js';
import type { ClusterInside } from './group-protocol.js';
import { isCoordinatorComing, kafkaErrorType } from './kafka.error.js';
import type { KafkaBrokerOptions } from './kafka.options.js';

const PATIENCE_MS = 10_000;

/** How a commit says that it is nobody's of the group. */
const NOBODY = { groupGenerationId: -1, memberId: '' };

/**
 * Tells a group without members where to go on, as Kafka's own tools do. kafkajs' setOffsets would join the group for it, for
 * five seconds; stumbling on the way, it forgets the offsets, or stays a member whom the group then waits for.
 * Rejects with PARTITION_LOST when the group has members.
 */
export async function commitOffsets(options: KafkaBrokerOptions, groupId: string, topic: string, offsets: readonly string[]): Promise<void> {
  const topics = [{ topic, partitions: offsets.map((offset, partition) => ({ partition, offset })) }];
  let cluster: ClusterInside | undefined;
  const consumer = createClient(options).consumer({
    groupId,
    partitionAssigners: [(config) => {
      cluster = config.cluster as unknown as ClusterInside;
      return kafkajs.PartitionAssigners.roundRobin(config);
    }],
  });
  try {
    await consumer.connect();
    await patiently(async () => {
      const coordinator = await cluster!.findGroupCoordinator({ groupId });
      await coordinator.offsetCommit({ groupId, ...NOBODY, topics });
    });
  } catch (error) {
    if (kafkaErrorType(error) !== 'UNKNOWN_MEMBER_ID') throw error;
    throw new EventingError('PARTITION_LOST', `${groupId} has members: where it goes on is theirs to say.`, { cause: error });
  } finally {
    await consumer.disconnect();
  }
}

/** A coordinator that is on its way is waited for. */
async function patiently(work: () => Promise<void>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let tries = 0; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isCoordinatorComing(error) || performance.now() > end) throw error;
      await pause(backOff(tries));
    }
  }
}
