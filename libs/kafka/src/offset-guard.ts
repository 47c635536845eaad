import { EventingError } from '@nestbox/messaging';
import type { TopicPartition } from '@nestbox/messaging';
import type { LogEntry } from 'kafkajs';

/**
 * Keeps kafkajs from resetting a group's offset when the log no longer holds the committed one. kafkajs resets without
 * asking, but writes a log entry right before, in the same turn of the event loop: the guard reacts to that entry.
 */
export class OffsetGuard {
  private readonly refused = new Map<string, string>();
  private resetAhead = false;

  constructor(
    private readonly group: string,
    /** The partition must not be fetched any more. */
    private readonly onRefused: (place: TopicPartition, why: string) => void,
  ) {}

  problem(): string | undefined {
    return this.refused.values().next().value;
  }

  /** After a rejoin every partition is checked again. */
  forget(): void {
    this.refused.clear();
  }

  overhear({ namespace, log }: LogEntry): void {
    if (namespace !== 'ConsumerGroup' || !log.message.startsWith('Offset out of range, resetting')) return;
    const { topic, partition } = log as unknown as TopicPartition;
    const why =
      `${topic}[${partition}] does not hold the offset that ${this.group} wants any more: reading on would skip ` +
      'records unseen. Reset the group by hand once you know what was lost.';
    this.resetAhead = true;
    this.refuse({ topic, partition }, why);
  }

  /** The partition stands still until the group is joined anew. */
  refuse(place: TopicPartition, why: string): void {
    this.refused.set(`${place.topic}[${place.partition}]`, why);
    this.onRefused(place, why);
  }

  /** Called when kafkajs looks up the offset to reset to. */
  beforeReset(): void {
    if (!this.resetAhead) return;
    this.resetAhead = false;
    throw new EventingError('OFFSET_OUT_OF_RANGE', 'The offset is out of range: not reset.');
  }
}
