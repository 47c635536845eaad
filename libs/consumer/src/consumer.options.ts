import type { MessagingOptions } from '@nestbox/messaging';

export interface ConsumerOptions {
  /** False: this process handles nothing, such as one that only serves HTTP. Default true. */
  readonly enabled?: boolean;
  /** Records per batch. Default 500. */
  readonly maxBatch?: number;
  /** Partitions handled side by side, per group. Default 4. */
  readonly concurrency?: number;
  /** Keys of one partition that are worked on side by side, where events are handled one by one. Default 8. */
  readonly keyConcurrency?: number;
  /** So often, in ms, every group's lag is asked for. Default 5 000; 0: only when somebody else asks. */
  readonly monitorEveryMs?: number;
  /** A group that does not move for so long, in ms, although there is something to read, gets a new client. Default 120 000. */
  readonly watchdogMs?: number;
  /** What happens when the new client does not move either. Default: the process ends with code 1. */
  readonly giveUp?: (why: string) => void;
}

export interface ConsumerModuleOptions extends MessagingOptions {
  /** Consumer group, exactly as the broker will see it. Default: the context. */
  readonly group?: string;
  readonly consumer?: ConsumerOptions;
}
