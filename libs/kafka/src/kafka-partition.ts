import { Sleeper } from '@nestbox/kernel';
import type { PartitionRunner } from '@nestbox/messaging';
import type { EachBatchPayload } from 'kafkajs';
import { unreadable } from './fetched-batches.js';
import { KafkaRecord } from './kafka-record.js';
import { fetchedOffsetOf } from './kafkajs-internals.js';

/** Above this, fetching of the partition is paused until half of it is done. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
/** Wait for a busy handler before fetching is paused: a paused partition would wait for a whole poll. */
const PATIENCE_MS = 50;

interface Flow {
  pause(): void;
  resume(): void;
  /** The next batch cannot be read: the partition must not be fetched any more. */
  stop(why: string): void;
}

/** One partition between kafkajs' fetch loop and its runner. */
export class KafkaPartition {
  private begun = false;
  private paused = false;
  private readonly patience = new Sleeper();

  constructor(
    readonly runner: PartitionRunner,
    /** The group's committed offset, as kafkajs read it after joining. */
    private readonly committed: () => string | undefined,
    private readonly flow: Flow,
  ) {}

  /**
   * Takes over fetched records, so that kafkajs can go on fetching while handlers work. Waits briefly when the buffer is
   * full.
   */
  async accept({ batch, resolveOffset }: EachBatchPayload): Promise<void> {
    const fetchedOffset = fetchedOffsetOf(batch);
    // A fetch from before the last rebalance may end after it; accepting it would skip the records before it.
    if (!this.begun && fetchedOffset !== (this.committed() ?? fetchedOffset)) return;
    const { topic, partition, highWatermark, messages } = batch;
    this.begun = true;
    const last = messages.at(-1)!;
    const fault = unreadable(last);
    if (fault !== undefined) messages.pop();
    if (messages.length > 0) this.runner.push(messages.map((message) => new KafkaRecord(topic, partition, message)), highWatermark);
    if (fault !== undefined) {
      this.paused = false;
      return this.flow.stop(`${topic}[${partition}] has a batch, ending with offset ${last.offset}, that cannot be read: ${fault}`);
    }
    resolveOffset(batch.lastOffset());
    if (this.isFull()) await this.patience.sleep(PATIENCE_MS);
    if (!this.isFull()) return;
    this.paused = true;
    this.flow.pause();
  }

  /** kafkajs skipped records that no handler may see: transaction markers, or records that compaction removed. */
  passedOver(): void {
    this.begun = true;
  }

  hasSpace(): void {
    if (!this.isFull()) this.patience.wake();
    if (!this.paused || this.runner.bytes > MAX_BUFFERED_BYTES / 2) return;
    this.paused = false;
    this.flow.resume();
  }

  private isFull(): boolean {
    return this.runner.isOpen && this.runner.bytes > MAX_BUFFERED_BYTES;
  }
}

export function nameOf(topic: string, partition: number): string {
  return `${topic}[${partition}]`;
}
