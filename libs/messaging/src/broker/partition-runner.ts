import { backOff, Sleeper } from '@nestbox/kernel';
import { EventingError } from '../eventing.error.js';
import type { BrokerRecord } from './broker.js';
import { Delivery } from './delivery.js';
import type { PartitionRunnerOptions } from './partition-runner.options.js';

/** How late a handler that was paused notices that it is not any more. */
const HELD_MS = 250;

/** How much of a batch got done; `held` when the handler is paused, `not tried` while the membership is in doubt. */
type Progress = 'all' | 'some' | 'none' | 'held' | 'not tried';

/**
 * Holds what was fetched of one partition and hands it to the handler, batch after batch, while the adapter fetches
 * on. What a handler rejects or leaves uncommitted is handed over again out of the buffer, after a back-off that
 * holds no slot, so that the other partitions go on.
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

  /** Lets the running batch finish and commit, starts no other. */
  async drain(): Promise<void> {
    if (this.state === 'open') this.state = 'draining';
    this.pause.wake();
    await this.finished;
    this.queue = [];
    this.buffered = 0;
  }

  /** Somebody else owns the partition, or may own it: nothing is committed from here on. */
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
      await this.pause.sleep(progress === 'held' ? HELD_MS : backOff(Math.max(0, this.failures - 1)));
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
  // Headers and object overhead are estimated: exact enough to bound memory.
  return (key?.length ?? 0) + (value?.length ?? 0) + 512;
}
