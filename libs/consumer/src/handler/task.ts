import type { Arrival, BrokerRecord, EventMessage } from '@nestbox/messaging';
import type { BoundMethod } from './handler-registry.js';

/** One record and the method that it is for. */
export class Task {
  private constructor(
    readonly key: string,
    readonly record: BrokerRecord,
    readonly method: BoundMethod,
    private held: EventMessage | undefined,
    /** Set when the method must never see the record: what is wrong with it. */
    readonly fault: unknown,
    private readonly readAgain: ((task: Task) => EventMessage) | undefined,
    /** When it was had; undefined when nobody measures that. */
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

  /** `message`: undefined when not even the envelope could be read. */
  static faulty(key: string, record: BrokerRecord, method: BoundMethod, message: EventMessage | undefined, fault: unknown): Task {
    return new Task(key, record, method, message, fault, undefined, undefined);
  }

  /** The same, and nothing happens. */
  passedOver(): Task {
    const method = { ...this.method, invoke: async () => undefined };
    return new Task(this.key, this.record, method, this.held, this.fault, this.readAgain, this.arrival);
  }

  get message(): EventMessage | undefined {
    return (this.held ??= this.readAgain?.(this));
  }

  /** What was read is read again should it be asked for: garbage that dies young costs next to nothing. */
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
