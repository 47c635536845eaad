import type { BatchControl, BatchHandler, BrokerRecord, PartitionBatch } from '../broker/broker.js';
import type { Faults } from '../failure/faults.js';
import type { Undecodable } from '../failure/undecodable.js';
import { conform, decode, typeInHeaders } from './event-message.js';
import type { BoundHandler } from './handler-registry.js';
import type { Lane, Task } from './lane.js';
import { retryInPlace } from './retry.js';

const HEARTBEAT_MS = 1_000;

export interface Lanes {
  readonly reaction: Lane;
  readonly projection: Lane;
}

/** The handlers of one consumer group, and what happens to a batch: decode, one lane per handler, offset last. */
export class GroupConsumer {
  private readonly byType = new Map<string, BoundHandler[]>();
  private readonly topicNames = new Set<string>();
  private stopping = false;

  constructor(
    readonly group: string,
    handlers: readonly BoundHandler[],
    private readonly lanes: Lanes,
    private readonly undecodable: Undecodable,
    private readonly faults: Faults,
  ) {
    for (const handler of handlers) {
      for (const [type, { mark }] of handler.methods) {
        this.byType.set(type, [...(this.byType.get(type) ?? []), handler]);
        this.topicNames.add(mark.contract.topic);
      }
    }
  }

  get topics(): string[] {
    return [...this.topicNames];
  }

  stop(): void {
    this.stopping = true;
  }

  readonly handle: BatchHandler = async (batch, control) => {
    const beat = setInterval(() => void control.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      const work = await this.sort(batch);
      const retry = retryInPlace(() => !this.stopping && control.isOwned());
      // Every lane runs to its end even when another fails: handlers of one event succeed and fail apart.
      const ends = await Promise.allSettled(
        [...work].map(([handler, tasks]) => this.lanes[handler.kind](handler, tasks, retry)),
      );
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
      if (work.size > 0) await this.faults.beforeOffset();
      await this.commit(batch, control);
    } finally {
      clearInterval(beat);
    }
  };

  private async commit({ records }: PartitionBatch, control: BatchControl): Promise<void> {
    await control.commit((BigInt(records[records.length - 1]!.offset) + 1n).toString());
  }

  private async sort({ records }: PartitionBatch): Promise<Map<BoundHandler, Task[]>> {
    const work = new Map<BoundHandler, Task[]>();
    for (const record of records) {
      const type = typeInHeaders(record);
      if (type !== undefined && !this.byType.has(type)) continue;
      try {
        this.read(record, work);
      } catch (error) {
        await this.undecodable.park(this.group, record, (error as Error).message);
      }
    }
    return work;
  }

  private read(record: BrokerRecord, work: Map<BoundHandler, Task[]>): void {
    const raw = decode(record);
    const handlers = this.byType.get(raw.eventType);
    if (!handlers) return;
    const message = conform(raw, handlers[0]!.methods.get(raw.eventType)!.mark.contract);
    for (const handler of handlers) {
      const method = handler.methods.get(raw.eventType)!;
      if (method.mark.contract.topic !== record.topic) continue;
      const tasks = work.get(handler);
      if (tasks) tasks.push({ method, message });
      else work.set(handler, [{ method, message }]);
    }
  }
}
