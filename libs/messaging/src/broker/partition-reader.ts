import { backOff, RECONNECT, Sleeper } from '@nestbox/kernel';
import { EventingError } from '../eventing.error.js';
import type { Bounds, LeasedLog, LeasedPartition } from './leased-log.js';
import type { PartitionRunner } from './partition-runner.js';

/** Fetching stops when a slow handler has this much in its buffer. The last fetch may exceed it. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** Reads one owned partition ahead of its runner, so the next batch is ready when the last one is done. */
export class PartitionReader {
  private position: bigint | undefined;
  private busy = false;
  private wanted = false;
  private failures = 0;
  /** Set when reading on would skip records that the group has not read. */
  problem: string | undefined;
  private readonly pause = new Sleeper();

  constructor(
    private readonly log: LeasedLog,
    private readonly lease: LeasedPartition,
    private readonly committed: bigint | null,
    private readonly runner: PartitionRunner,
    private readonly maxBatch: number,
  ) {}

  /** True when the partition has records that were not read yet. */
  isBehind(end: bigint): boolean {
    return this.position === undefined || end !== this.position;
  }

  /** Fetches until the buffer is full or the end is reached. Extra calls are cheap. */
  pump(): void {
    this.wanted = true;
    if (this.busy) return;
    this.busy = true;
    void this.run();
  }

  close(): void {
    this.pause.wake();
  }

  private async run(): Promise<void> {
    while (this.wanted && this.runner.isOpen && this.problem === undefined && this.hasSpace()) {
      this.wanted = false;
      try {
        this.wanted = await this.fetch();
        this.failures = 0;
      } catch (error) {
        if (error instanceof EventingError && error.code === 'OFFSET_OUT_OF_RANGE') this.problem = error.message;
        this.wanted = true;
        await this.pause.sleep(backOff(this.failures++, RECONNECT));
      }
    }
    this.busy = false;
  }

  private hasSpace(): boolean {
    return this.runner.length <= this.maxBatch && this.runner.bytes < MAX_BUFFERED_BYTES;
  }

  /** True when there may be more. */
  private async fetch(): Promise<boolean> {
    const wanted = this.position ?? this.committed ?? undefined;
    const { records, earliest, end, sparse } = await this.log.fetch(this.lease, wanted, this.maxBatch);
    const from = wanted ?? earliest;
    const first = records.length > 0 ? BigInt(records[0].offset) : end;
    const next = records.length > 0 ? BigInt(records[records.length - 1].offset) + 1n : end;
    const isWhole = sparse ? earliest <= from && from <= end : first === from && next === from + BigInt(records.length);
    if (!isWhole) throw outOfRange(this.lease, from, { earliest, end });
    this.position = next;
    this.runner.push(records, end.toString());
    return this.position < end || this.wanted;
  }
}

function outOfRange({ topic, partition }: LeasedPartition, from: bigint, { earliest, end }: Bounds): EventingError {
  return new EventingError(
    'OFFSET_OUT_OF_RANGE',
    `${topic}[${partition}] holds offsets ${earliest} to ${end}, the group wants ${from}: ` +
      'reading on would skip records unseen. Reset the group by hand once you know what was lost.',
  );
}
