import { conform, conformTo, conformToMark, EventingError, keyOf, typeInHeaders } from '@nestbox/messaging';
import type { BatchHandler, BrokerRecord, CrashPoints, EventMessage, PartitionBatch, RecordReader, TopicPartition } from '@nestbox/messaging';
import { Arrivals } from '@nestbox/telemetry';
import type { Arrival } from '@nestbox/telemetry';
import type { BoundHandler } from '../handler/handler-registry.js';
import { Task } from '../handler/task.js';
import type { Undecodable } from '../parking/undecodable.js';
import type { Pauses } from '../pause/pauses.js';
import type { Lane } from './key-by-key.js';

const HEARTBEAT_MS = 1_000;

export interface Lanes {
  readonly reaction: Lane;
  readonly projection: Lane;
}

/** Handles the batches of one consumer group: decodes records, runs one lane per handler, commits the offset last. */
export class GroupConsumer {
  /** By topic, then by event type. */
  private readonly byType = new Map<string, Map<string, BoundHandler[]>>();
  private readonly busy = new Set<string>();
  private readonly arrivals = new Arrivals();
  private stopping = false;

  constructor(
    readonly group: string,
    private readonly handlers: readonly BoundHandler[],
    private readonly lanes: Lanes,
    private readonly undecodable: Pick<Undecodable, 'park'>,
    private readonly crashPoints: CrashPoints,
    private readonly pauses: Pauses,
    private readonly reader: RecordReader,
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

  /** True when a projection has to be seeded from states before the group starts. */
  get startsFromStates(): boolean {
    return this.handlers.some(({ state }) => state !== undefined);
  }

  isBusy(partition: TopicPartition): boolean {
    return this.busy.has(nameOf(partition));
  }

  stop(): void {
    this.stopping = true;
  }

  /** True while the group, or one of its handlers, is paused. */
  get isPaused(): boolean {
    return this.handlers.some((handler) => this.pauses.isHandlerPaused(handler));
  }

  readonly handle: BatchHandler = async (batch, control) => {
    await this.pauses.settle();
    const partition = nameOf(batch);
    const arrival = this.arrivals.offered(partition, batch.records[0]!.offset);
    const open = this.open(batch);
    this.busy.add(partition);
    const heartbeat = setInterval(() => void control.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      const work = await this.sort(open, arrival);
      const mayGoOn = (handler: BoundHandler) => () =>
        !this.stopping && control.isOwned() && !this.pauses.isHandlerPaused(handler);
      // Every lane runs to its end, also when another fails: handlers succeed and fail independently.
      const ends = await Promise.allSettled(
        [...work].map(([handler, tasks]) => this.lanes[handler.kind](handler, tasks, mayGoOn(handler))),
      );
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw this.isPaused ? pausedNow(this.group) : failed.reason;
      if (work.size > 0) await this.crashPoints.beforeOffset();
      await control.commit((BigInt(open.records.at(-1)!.offset) + 1n).toString());
      this.arrivals.done(partition);
    } finally {
      clearInterval(heartbeat);
      this.busy.delete(partition);
    }
  };

  /** The records before the first event of a paused handler. Later ones wait too, because the group has one offset. */
  private open(batch: PartitionBatch): PartitionBatch {
    if (!this.isPaused) return batch;
    const isHeld = (record: BrokerRecord) => {
      const type = typeInHeaders(record);
      const handlers = type === undefined ? this.handlers : this.handlersOf(type, record);
      return handlers.some((handler) => this.pauses.isHandlerPaused(handler));
    };
    const first = this.pauses.isPaused({ kind: 'group', name: this.group }) ? 0 : batch.records.findIndex(isHeld);
    if (first === 0) throw pausedNow(this.group);
    return first === -1 ? batch : { ...batch, records: batch.records.slice(0, first) };
  }

  private async sort({ records }: PartitionBatch, arrival: Arrival): Promise<Map<BoundHandler, Task[]>> {
    const work = new Map<BoundHandler, Task[]>();
    await this.reader.prepare(records);
    for (const record of records) {
      const type = typeInHeaders(record);
      if (type !== undefined && !this.byType.get(record.topic)?.has(type)) continue;
      // Before anything is handled, because a missing schema rejects the whole batch.
      const fetching = this.reader.need(record);
      if (fetching) await fetching;
      let message: EventMessage;
      try {
        message = this.reader.decode(record);
      } catch (fault) {
        await this.shareUndecodable(record, type, fault, work);
        continue;
      }
      this.share(record, message, work, arrival);
    }
    return work;
  }

  private share(record: BrokerRecord, message: EventMessage, work: Map<BoundHandler, Task[]>, arrival: Arrival): void {
    // The data as it was sent: `conform` replaces the data of the message.
    const { data } = message;
    let whole: Reading | undefined;
    for (const handler of this.handlersOf(message.eventType, record)) {
      const method = handler.methods.get(message.eventType)!;
      const { contract, reads } = method.mark;
      const reading = reads
        ? readingOf(message, () => conformTo(message, data, contract, reads))
        : (whole ??= readingOf(message, () => conform(message, contract)));
      const task =
        reading.fault === undefined
          ? Task.sound(record, method, reading.message, this.readAgain, arrival)
          : Task.faulty(message.key, record, method, message, reading.fault);
      addTask(work, handler, task);
    }
  }

  /** When type and key are known, the record keeps its place in the queue of its key, and later events wait for it. */
  private async shareUndecodable(
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
      addTask(work, handler, task);
    }
  }

  /** Same result as in `share`. */
  private readonly readAgain = ({ record, method }: Task): EventMessage => conformToMark(this.reader.decode(record), method.mark);

  private handlersOf(type: string, { topic }: BrokerRecord): readonly BoundHandler[] {
    return this.byType.get(topic)?.get(type) ?? [];
  }
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}[${partition}]`;
}

function addTask(work: Map<BoundHandler, Task[]>, handler: BoundHandler, task: Task): void {
  const tasks = work.get(handler);
  if (tasks) tasks.push(task);
  else work.set(handler, [task]);
}

function pausedNow(group: string): EventingError {
  return new EventingError('PAUSED', `Group ${group}, or a handler of it, is paused.`);
}

interface Reading {
  readonly message: EventMessage;
  readonly fault?: unknown;
}

/** The message as one handler reads it; with a fault, unchanged. */
function readingOf(message: EventMessage, conforming: () => EventMessage): Reading {
  try {
    return { message: conforming() };
  } catch (fault) {
    return { message, fault };
  }
}
