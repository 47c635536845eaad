import type { BrokerRecord, EventMessage } from '@nestbox/messaging';
import type { Arrival } from '@nestbox/telemetry';
import type { BoundMethod } from './handler-registry.js';

/** One record and the method that handles it. */
export class Task {
  private constructor(
    readonly key: string,
    readonly record: BrokerRecord,
    readonly method: BoundMethod,
    private held: EventMessage | undefined,
    /** What is wrong with the record; set when the method must never get it. */
    readonly fault: unknown,
    private readonly readAgain: ((task: Task) => EventMessage) | undefined,
    /** When the record arrived; undefined when that is not measured. */
    readonly arrival: Arrival | undefined,
  ) {}

  static sound(
    record: BrokerRecord,
    method: BoundMethod,
    message: EventMessage,
    readAgain: (task: Task) => EventMessage,
    arrival?: Arrival,
  ): Task {
    return new Task(message.key, record, method, message, undefined, readAgain, arrival);
  }

  /** `message` is undefined when not even the envelope could be read. */
  static faulty(key: string, record: BrokerRecord, method: BoundMethod, message: EventMessage | undefined, fault: unknown): Task {
    return new Task(key, record, method, message, fault, undefined, undefined);
  }

  /** A copy with a no-op handler: claimed, not applied. */
  passedOver(): Task {
    const method = { ...this.method, invoke: async () => undefined };
    return new Task(this.key, this.record, method, this.held, this.fault, this.readAgain, this.arrival);
  }

  get message(): EventMessage | undefined {
    return (this.held ??= this.readAgain?.(this));
  }

  /** Drops the decoded message; it is decoded again on demand. Keeps batches out of V8's old space. */
  letGo(): void {
    if (this.readAgain) this.held = undefined;
  }
}

export interface SoundTask extends Task {
  readonly message: EventMessage;
  readonly fault: undefined;
}

export function isSound(task: Task): task is SoundTask {
  return task.fault === undefined;
}

/** Queues of one key each, in the order of the log. */
export function byKey<T extends Task>(tasks: readonly T[]): T[][] {
  const queues = new Map<string, T[]>();
  for (const task of tasks) {
    const queue = queues.get(task.key);
    if (queue) queue.push(task);
    else queues.set(task.key, [task]);
  }
  return [...queues.values()];
}
