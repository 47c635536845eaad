import { backOff, RECONNECT, Sleeper } from '@nestbox/kernel';
import { EventingError } from '../eventing.error.js';
import type { BrokerRecord } from './broker.js';
import { Delivery } from './delivery.js';
import type { PartitionRunnerOptions } from './delivery.js';

/** How late, in ms, a handler is called again after its pause has ended. */
const HELD_MS = 250;

/** How much of a batch is done. `held`: the handler is paused. `not tried`: the membership is in doubt. */
type Progress = 'all' | 'some' | 'none' | 'held' | 'not tried';

/**
 * Buffers the fetched records of one partition and delivers them to the handler in batches, while the adapter fetches
 * more. Records that the handler rejects or does not commit are delivered again from the buffer after a back-off. The
 * back-off holds no slot, so the other partitions go on.
 */
export class PartitionRunner {
  private queue: BrokerRecord[] = [];
  private buffered = 0;
  private highWatermark = '0';
  private state: 'open' | 'draining' | 'lost' = 'open';
  private failures = 0;
  private active = false;
  private finished: Promise<void> = Promise.resolve();
  private readonly pause = new Sleeper();

  constructor(private readonly options: PartitionRunnerOptions) {}

  get topic(): string {
    return this.options.topic;
  }

  get partition(): number {
    return this.options.partition;
  }

  get isLost(): boolean {
    return this.state === 'lost';
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get length(): number {
    return this.queue.length;
  }

  get bytes(): number {
    return this.buffered;
  }

  push(records: readonly BrokerRecord[], highWatermark: string): void {
    if (this.state !== 'open') return;
    this.highWatermark = highWatermark;
    for (const record of records) {
      this.queue.push(record);
      this.buffered += sizeOf(record);
    }
    if (this.active || this.queue.length === 0) return;
    this.active = true;
    this.finished = this.run();
  }

  /** Waits for the running batch to finish and commit. Starts no other. */
  async drain(): Promise<void> {
    if (this.state === 'open') this.state = 'draining';
    this.pause.wake();
    await this.finished;
    this.queue = [];
    this.buffered = 0;
  }

  /** Another member owns the partition, or may own it: nothing is committed from now on. */
  lose(): void {
    this.state = 'lost';
    this.pause.wake();
  }

  private async run(): Promise<void> {
    while (this.state === 'open' && this.queue.length > 0) {
      const progress = await this.takeTurn();
      if (progress === 'all') this.failures = 0;
      else if (progress === 'some') this.failures = 1;
      else if (progress === 'none') this.failures++;
      this.options.onSpace();
      if (progress === 'all' || !this.isOpen) continue;
      await this.pause.sleep(progress === 'held' ? HELD_MS : backOff(Math.max(0, this.failures - 1), RECONNECT));
    }
    this.active = false;
  }

  private async takeTurn(): Promise<Progress> {
    await this.options.slots.acquire();
    try {
      return this.isOpen && this.options.isTrusted() ? await this.deliver() : 'not tried';
    } finally {
      this.options.slots.release();
    }
  }

  private async deliver(): Promise<Progress> {
    const { topic, partition, handler, maxBatch } = this.options;
    const records = this.queue.slice(0, maxBatch);
    const delivery = new Delivery(this.options, records, () => this.state, () => this.lose());
    let failed = false;
    let held = false;
    try {
      await handler({ topic, partition, records, highWatermark: this.highWatermark }, delivery.control);
    } catch (error) {
      failed = true;
      if (isPause(error)) held = true;
      else this.options.onFailure(error);
    }
    const done = delivery.end();
    this.forget(done);
    if (done === records.length) return 'all';
    if (held) return 'held';
    return done > 0 && !failed ? 'all' : done > 0 ? 'some' : 'none';
  }

  private forget(count: number): void {
    for (let i = 0; i < count; i++) this.buffered -= sizeOf(this.queue[i]);
    this.queue = this.queue.slice(count);
  }
}

function isPause(error: unknown): boolean {
  return error instanceof EventingError && error.code === 'PAUSED';
}

function sizeOf({ key, value }: BrokerRecord): number {
  // 512 is an estimate for headers and object overhead: exact enough to limit memory.
  return (key?.length ?? 0) + (value?.length ?? 0) + 512;
}
