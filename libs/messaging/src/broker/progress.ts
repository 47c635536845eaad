import type { PartitionLag, TopicPartition } from './broker.js';

export interface PartitionState extends TopicPartition {
  readonly lag: number;
  /** For how long, in ms, its committed offset has not moved although it has a lag; 0 without a lag. */
  readonly stalledMs: number;
}

/** Records since when each partition has not moved. */
export class Progress {
  private readonly since = new Map<string, { committed: string | null; at: number }>();

  /** `at`: ms of a monotonic clock. A group that is `held` (paused) never counts as stalled. */
  look(group: string, lags: readonly PartitionLag[], at: number, held = false): PartitionState[] {
    return lags.map(({ topic, partition, committed, lag }) => {
      const name = `${group} ${topic}[${partition}]`;
      const before = this.since.get(name);
      const moved = before === undefined || before.committed !== committed || lag === 0 || held;
      if (moved) this.since.set(name, { committed, at });
      return { topic, partition, lag, stalledMs: moved ? 0 : at - before.at };
    });
  }
}

/** Per topic: the sum of the lags, and the longest stall of a partition. */
export function byTopic(partitions: readonly PartitionState[]): { topic: string; lag: number; stalledMs: number }[] {
  const topics = new Map<string, { topic: string; lag: number; stalledMs: number }>();
  for (const { topic, lag, stalledMs } of partitions) {
    const sum = topics.get(topic) ?? { topic, lag: 0, stalledMs: 0 };
    topics.set(topic, { topic, lag: sum.lag + lag, stalledMs: Math.max(sum.stalledMs, stalledMs) });
  }
  return [...topics.values()];
}

/** Measures how long something has had a problem. */
export class Downtime {
  constructor(private since?: number) {}

  /** Notes the present problem. Returns the ms since the problems began; 0 without a problem. */
  note(problem: string | undefined): number {
    if (problem === undefined) this.since = undefined;
    else this.since ??= performance.now();
    return this.since === undefined ? 0 : performance.now() - this.since;
  }
}
