import { EventingError } from '../eventing.error.js';
import type { BatchControl, BrokerRecord } from './broker.js';
import type { PartitionRunnerOptions } from './partition-runner.options.js';

/** One call of the handler: what it may ask and commit, until it has settled. */
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

  /** Ends the turn; says how many records, from the first, are done. */
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
      throw new RangeError(`Offset ${nextOffset} is beyond the batch: it would skip records nobody has seen.`);
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
