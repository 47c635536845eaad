import type { Semaphore } from '@nestbox/kernel';
import type { BatchHandler, TopicPartition } from './broker.js';

export interface PartitionRunnerOptions extends TopicPartition {
  readonly handler: BatchHandler;
  readonly maxBatch: number;
  /** Lets a bounded number of partitions run side by side. */
  readonly slots: Semaphore;
  /** Stores the group's progress on the broker; rejects with PARTITION_LOST when somebody else owns the partition. */
  readonly commit: (nextOffset: bigint) => Promise<void>;
  readonly heartbeat: () => Promise<void>;
  /** False when the membership cannot be trusted any more, whatever the broker may say later. */
  readonly isTrusted: () => boolean;
  /** Room in the buffer again: time to fetch. */
  readonly onSpace: () => void;
  readonly onFailure: (error: unknown) => void;
}
