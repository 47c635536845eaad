import type { BatchControl, BatchHandler, BrokerRecord, PartitionBatch, TopicPartition } from '../broker/broker.js';
import type { Faults } from '../failure/faults.js';
import type { Undecodable } from '../failure/undecodable.js';
import { conform, conformTo, conformToMark, decode, keyOf, typeInHeaders } from './event-message.js';
import type { EventMessage } from './event-message.js';
import type { BoundHandler } from './handler-registry.js';
import type { Lane } from './lane.js';
import { Task } from './task.js';

const HEARTBEAT_MS = 1_000;

export interface Lanes {
  readonly reaction: Lane;
  readonly projection: Lane;
}

/** The handlers of one consumer group, and what happens to a batch: decode, one lane per handler, offset last. */
export class GroupConsumer {
  /** By topic, then by event type. */
  private readonly byType = new Map<string, Map<string, BoundHandler[]>>();
  private readonly busy = new Set<string>();
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
        const types = this.byType.get(mark.contract.topic) ?? new Map<string, BoundHandler[]>();
        this.byType.set(mark.contract.topic, types.set(type, [...(types.get(type) ?? []), handler]));
      }
    }
  }

  get topics(): string[] {
    return [...this.byType.keys()];
  }

  isBusy({ topic, partition }: TopicPartition): boolean {
    return this.busy.has(`${topic}[${partition}]`);
  }

  stop(): void {
    this.stopping = true;
  }

  readonly handle: BatchHandler = async (batch, control) => {
    const place = `${batch.topic}[${batch.partition}]`;
    this.busy.add(place);
    const beat = setInterval(() => void control.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      const work = await this.sort(batch);
      const mayGoOn = () => !this.stopping && control.isOwned();
      // Every lane runs to its end even when another fails: handlers of one event succeed and fail apart.
      const ends = await Promise.allSettled(
        [...work].map(([handler, tasks]) => this.lanes[handler.kind](handler, tasks, mayGoOn)),
      );
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
      if (work.size > 0) await this.faults.beforeOffset();
      await this.commit(batch, control);
    } finally {
      clearInterval(beat);
      this.busy.delete(place);
    }
  };

  private async commit({ records }: PartitionBatch, control: BatchControl): Promise<void> {
    await control.commit((BigInt(records[records.length - 1]!.offset) + 1n).toString());
  }

  private async sort({ records }: PartitionBatch): Promise<Map<BoundHandler, Task[]>> {
    const work = new Map<BoundHandler, Task[]>();
    for (const record of records) {
      const type = typeInHeaders(record);
      if (type !== undefined && !this.byType.get(record.topic)?.has(type)) continue;
      const { message, fault } = read(record);
      if (fault === undefined) this.share(record, message!, work);
      else await this.shareUnread(record, type, fault, work);
    }
    return work;
  }

  private share(record: BrokerRecord, message: EventMessage, work: Map<BoundHandler, Task[]>): void {
    const handlers = this.handlersOf(message.eventType, record);
    if (handlers.length === 0) return;
    // As it came: the first handler that reads the event whole has its data replaced by what the contract makes of it.
    const { data } = message;
    let whole: Reading | undefined;
    for (const handler of handlers) {
      const method = handler.methods.get(message.eventType)!;
      const { contract, reads } = method.mark;
      const reading = reads
        ? readingOf(message, () => conformTo(message, data, contract, reads))
        : (whole ??= readingOf(message, () => conform(message, contract)));
      const task =
        reading.fault === undefined
          ? Task.sound(record, method, reading.message, readAgain)
          : Task.faulty(message.key, record, method, message, reading.fault);
      const tasks = work.get(handler);
      if (tasks) tasks.push(task);
      else work.set(handler, [task]);
    }
  }

  /** Takes its place in the queue of its key, if both can be told, so that what comes later waits for it to be mended. */
  private async shareUnread(
    record: BrokerRecord,
    type: string | undefined,
    fault: unknown,
    work: Map<BoundHandler, Task[]>,
  ): Promise<void> {
    const key = keyOf(record);
    const handlers = type !== undefined && key !== undefined ? this.handlersOf(type, record) : [];
    if (handlers.length === 0) return this.undecodable.park(this.group, record, fault);
    for (const handler of handlers) {
      const task = Task.faulty(key!, record, handler.methods.get(type!)!, undefined, fault);
      work.set(handler, [...(work.get(handler) ?? []), task]);
    }
  }

  private handlersOf(type: string, { topic }: BrokerRecord): readonly BoundHandler[] {
    return this.byType.get(topic)?.get(type) ?? [];
  }
}

function read(record: BrokerRecord): { message?: EventMessage; fault?: unknown } {
  try {
    return { message: decode(record) };
  } catch (fault) {
    return { fault };
  }
}

/** As `share` read it the first time. */
function readAgain({ record, method }: Task): EventMessage {
  return conformToMark(decode(record), method.mark);
}

interface Reading {
  readonly message: EventMessage;
  readonly fault?: unknown;
}

/** The message as one reader has it; with a fault, as it came. */
function readingOf(message: EventMessage, conforming: () => EventMessage): Reading {
  try {
    return { message: conforming() };
  } catch (fault) {
    return { message, fault };
  }
}
