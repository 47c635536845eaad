import type { BrokerRecord } from '../broker/broker.js';
import type { EventMessage } from './event-message.js';
import type { BoundMethod } from './handler-registry.js';

/** One record and the method that it is for. */
export interface Task {
  readonly key: string;
  readonly record: BrokerRecord;
  readonly method: BoundMethod;
  /** Undefined when not even the envelope could be read. */
  readonly message: EventMessage | undefined;
  /** Set when the method must never see the record: what is wrong with it. */
  readonly fault?: unknown;
}

export interface SoundTask extends Task {
  readonly message: EventMessage;
  readonly fault?: undefined;
}

export function isSound(task: Task): task is SoundTask {
  return task.fault === undefined && task.message !== undefined;
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
