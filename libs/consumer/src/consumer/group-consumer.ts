import { Arrivals, conform, conformTo, conformToMark, EventingError, keyOf, typeInHeaders } from '@nestbox/messaging';
import type {
  Arrival,
  BatchControl,
  BatchHandler,
  BrokerRecord,
  EventMessage,
  CrashPoints,
  PartitionBatch,
  RecordReader,
  TopicPartition,
} from '@nestbox/messaging';
import type { BoundHandler } from '../handler/handler-registry.js';
import { Task } from '../handler/task.js';
import type { Undecodable } from '../parking/undecodable.js';
import type { Pauses } from '../pause/pauses.js';
import type { Lane } from './lane.js';

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

  /** Whether a view has to be filled from states before the group begins. */
  get startsFromStates(): boolean {
    return this.handlers.some(({ state }) => state !== undefined);
  }

  isBusy({ topic, partition }: TopicPartition): boolean {
    return this.busy.has(`${topic}[${partition}]`);
  }

  stop(): void {
    this.stopping = true;
  }

  /** True while an operator has paused it, or one of its handlers. */
  get isPaused(): boolean {
    return this.handlers.some((handler) => this.pauses.isHandlerPaused(handler));
  }

  readonly handle: BatchHandler = async (batch, control) => {
    await this.pauses.settle();
    const place = `${batch.topic}[${batch.partition}]`;
    const arrival = this.arrivals.offered(place, batch.records[0]!.offset);
    const open = this.open(batch);
    this.busy.add(place);
    const beat = setInterval(() => void control.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      const work = await this.sort(open, arrival);
      const mayGoOn = (handler: BoundHandler) => () =>
        !this.stopping && control.isOwned() && !this.pauses.isHandlerPaused(handler);
      // Every lane runs to its end even when another fails: handlers of one event succeed and fail apart.
      const ends = await Promise.allSettled(
        [...work].map(([handler, tasks]) => this.lanes[handler.kind](handler, tasks, mayGoOn(handler))),
      );
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw this.isPaused ? pausedNow(this.group) : failed.reason;
      if (work.size > 0) await this.crashPoints.beforeOffset();
      await this.commit(open, control);
      this.arrivals.done(place);
    } finally {
      clearInterval(beat);
      this.busy.delete(place);
    }
  };

  /** What comes before the first event of a paused handler: later ones wait with it, because the group has one offset. */
  private open(batch: PartitionBatch): PartitionBatch {
    if (!this.isPaused) return batch;
    const isHeld = (record: BrokerRecord) => {
      const type = typeInHeaders(record);
      const takers = type === undefined ? this.handlers : (this.byType.get(record.topic)?.get(type) ?? []);
      return takers.some((handler) => this.pauses.isHandlerPaused(handler));
    };
    const first = this.pauses.isPaused({ kind: 'group', name: this.group }) ? 0 : batch.records.findIndex(isHeld);
    if (first === 0) throw pausedNow(this.group);
    return first === -1 ? batch : { ...batch, records: batch.records.slice(0, first) };
  }

  private async commit({ records }: PartitionBatch, control: BatchControl): Promise<void> {
    await control.commit((BigInt(records[records.length - 1]!.offset) + 1n).toString());
  }

  private async sort({ records }: PartitionBatch, arrival: Arrival): Promise<Map<BoundHandler, Task[]>> {
    const work = new Map<BoundHandler, Task[]>();
    const preparing = this.reader.prepare(records);
    if (preparing) await preparing;
    for (const record of records) {
      const type = typeInHeaders(record);
      if (type !== undefined && !this.byType.get(record.topic)?.has(type)) continue;
      // Before anything of the batch is handled: an unknown schema holds the partition, and the whole batch comes again.
      const fetching = this.reader.need(record);
      if (fetching) await fetching;
      const { message, fault } = this.read(record);
      if (fault === undefined) this.share(record, message!, work, arrival);
      else await this.shareUnread(record, type, fault, work);
    }
    return work;
  }

  private share(record: BrokerRecord, message: EventMessage, work: Map<BoundHandler, Task[]>, arrival: Arrival): void {
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
          ? Task.sound(record, method, reading.message, this.readAgain, arrival)
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

  private read(record: BrokerRecord): { message?: EventMessage; fault?: unknown } {
    try {
      return { message: this.reader.decode(record) };
    } catch (fault) {
      return { fault };
    }
  }

  /** As `share` read it the first time. */
  private readonly readAgain = ({ record, method }: Task): EventMessage => conformToMark(this.reader.decode(record), method.mark);

  private handlersOf(type: string, { topic }: BrokerRecord): readonly BoundHandler[] {
    return this.byType.get(topic)?.get(type) ?? [];
  }
}

function pausedNow(group: string): EventingError {
  return new EventingError('PAUSED', `Group ${group}, or a handler of it, is paused.`);
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
