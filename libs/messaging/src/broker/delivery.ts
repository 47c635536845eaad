import type { Semaphore } from '@nestbox/kernel';
import { EventingError } from '../eventing.error.js';
import type { BatchControl, BatchHandler, BrokerRecord, TopicPartition } from './broker.js';

export interface PartitionRunnerOptions extends TopicPartition {
  readonly handler: BatchHandler;
  readonly maxBatch: number;
  /** Limits how many partitions run at once. */
  readonly slots: Semaphore;
  /** Stores the group's progress on the broker. Rejects with PARTITION_LOST when another member owns the partition. */
  readonly commit: (nextOffset: bigint) => Promise<void>;
  readonly heartbeat: () => Promise<void>;
  /** False when the membership may have ended, whatever the broker answers later. */
  readonly isTrusted: () => boolean;
  /** The buffer has room again: fetch more. */
  readonly onSpace: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** One call of the handler, and what the handler may do until the call settles. */
export class Delivery {
  readonly control: BatchControl;
  private committed = -1n;
  private ended = false;

  constructor(
    private readonly options: PartitionRunnerOptions,
    private readonly records: readonly BrokerRecord[],
    private readonly state: () => 'open' | 'draining' | 'lost',
    private readonly lose: () => void,
  ) {
    this.control = {
      isOwned: () => !this.ended && this.state() === 'open' && this.options.isTrusted(),
      heartbeat: () => this.heartbeat(),
      commit: (nextOffset) => this.commit(nextOffset),
    };
  }

  /** Ends the call. Returns how many records are done, counted from the first. */
  end(): number {
    this.ended = true;
    const { records, committed } = this;
    if (committed === BigInt(records[records.length - 1].offset) + 1n) return records.length;
    const open = records.findIndex(({ offset }) => BigInt(offset) >= committed);
    return open < 0 ? records.length : open;
  }

  private async heartbeat(): Promise<void> {
    this.refuseIfLost();
    await this.options.heartbeat();
    this.refuseIfLost();
  }

  private async commit(nextOffset: string): Promise<void> {
    const offset = BigInt(nextOffset);
    if (offset > BigInt(this.records[this.records.length - 1].offset) + 1n) {
      throw new RangeError(`Offset ${nextOffset} is beyond the batch: it would skip records that were not handled.`);
    }
    this.refuseIfLost();
    if (offset <= this.committed) return;
    try {
      await this.options.commit(offset);
    } catch (error) {
      if (error instanceof EventingError && error.code === 'PARTITION_LOST') this.lose();
      throw error;
    }
    if (offset > this.committed) this.committed = offset;
  }

  private refuseIfLost(): void {
    if (!this.ended && this.state() !== 'lost') return;
    const { topic, partition } = this.options;
    throw new EventingError('PARTITION_LOST', `${topic}[${partition}] is no longer owned by this member.`);
  }
}
