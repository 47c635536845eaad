import { Sleeper } from '@nestbox/kernel';
import type { PartitionRunner } from '@nestbox/messaging';
import type { EachBatchPayload } from 'kafkajs';
import { KafkaRecord } from './kafka-record.js';

/** Above this nothing more of a partition is taken in until half of it is done. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
/** A handler that is just busy gets this long before fetching is paused: a paused partition waits a whole poll. */
const PATIENCE_MS = 50;

interface Flow {
  pause(): void;
  resume(): void;
}

/** One partition between kafkajs' fetch loop and its runner. */
export class KafkaPartition {
  private begun = false;
  private paused = false;
  private readonly patience = new Sleeper();

  constructor(
    readonly runner: PartitionRunner,
    /** Where the group stands, as kafkajs read it after joining. */
    private readonly committed: () => string | undefined,
    private readonly flow: Flow,
  ) {}

  /**
   * Takes over what was fetched, so that kafkajs can fetch on while handlers work; waits a little when there is
   * much already.
   */
  async accept({ batch, resolveOffset }: EachBatchPayload): Promise<void> {
    const { fetchedOffset } = batch as unknown as { fetchedOffset: string };
    // A fetch that began before the last rebalance may end after it: taking it would skip what lies before.
    if (!this.begun && fetchedOffset !== (this.committed() ?? fetchedOffset)) return;
    const { topic, partition, highWatermark, messages } = batch;
    this.runner.push(messages.map((message) => new KafkaRecord(topic, partition, message)), highWatermark);
    this.begun = true;
    resolveOffset(batch.lastOffset());
    if (this.isFull()) await this.patience.sleep(PATIENCE_MS);
    if (!this.isFull()) return;
    this.paused = true;
    this.flow.pause();
  }

  /** kafkajs passed over records that no handler may see (markers of transactions, compacted away). */
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
