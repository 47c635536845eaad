import type { MessagingOptions } from '@nestbox/messaging';

export interface ConsumerOptions {
  /** False: this process handles nothing, such as one that only serves HTTP. Default true. */
  readonly enabled?: boolean;
  /** Records per batch. Default 500. */
  readonly maxBatch?: number;
  /** Partitions handled in parallel, per group. Default 4. */
  readonly concurrency?: number;
  /** Keys of one partition handled in parallel, when events are handled one by one. Default 8. */
  readonly keyConcurrency?: number;
  /** How often, in ms, the lag of every group is read. Default 5 000. 0: never by a timer. */
  readonly monitorEveryMs?: number;
  /** A group that has a lag and does not move for this many ms gets a new client. Default 120 000. */
  readonly watchdogMs?: number;
  /** Called when the new client does not move either. Default: the process ends with code 1. */
  readonly giveUp?: (why: string) => void;
}

export interface ConsumerModuleOptions extends MessagingOptions {
  /** The consumer group's name on the broker. Default: the context. */
  readonly group?: string;
  readonly consumer?: ConsumerOptions;
}
