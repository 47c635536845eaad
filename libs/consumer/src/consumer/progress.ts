import type { PartitionLag, TopicPartition } from '@nestbox/messaging';

export interface PartitionState extends TopicPartition {
  readonly lag: number;
  /** For how long it has had a lag and its committed offset has not moved, in ms; 0 without a lag. */
  readonly stalledMs: number;
}

/** Remembers of every partition since when it has not moved. */
export class Progress {
  private readonly since = new Map<string, { committed: string | null; at: number }>();

  /** `at`: ms on a clock that does not jump. A group that is `held` on purpose does not stand still. */
  look(group: string, lags: readonly PartitionLag[], at: number, held = false): PartitionState[] {
    return lags.map(({ topic, partition, committed, lag }) => {
      const place = `${group} ${topic}[${partition}]`;
      const before = this.since.get(place);
      const moved = before === undefined || before.committed !== committed || lag === 0 || held;
      if (moved) this.since.set(place, { committed, at });
      return { topic, partition, lag, stalledMs: moved ? 0 : at - before.at };
    });
  }
}

/** One line per topic: all that is behind, and the partition that has stood still for longest. */
export function byTopic(partitions: readonly PartitionState[]): { topic: string; lag: number; stalledMs: number }[] {
  const topics = new Map<string, { topic: string; lag: number; stalledMs: number }>();
  for (const { topic, lag, stalledMs } of partitions) {
    const sum = topics.get(topic) ?? { topic, lag: 0, stalledMs: 0 };
    topics.set(topic, { topic, lag: sum.lag + lag, stalledMs: Math.max(sum.stalledMs, stalledMs) });
  }
  return [...topics.values()];
}
