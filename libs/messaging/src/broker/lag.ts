import type { PartitionLag, TopicPartition } from './broker.js';
import type { Bounds } from './leased-log.js';

/** A group that never committed has everything from the earliest record before it. */
export function partitionLag(place: TopicPartition, committed: bigint | null, { earliest, end }: Bounds): PartitionLag {
  const next = committed ?? earliest;
  return {
    topic: place.topic,
    partition: place.partition,
    committed: committed === null ? null : committed.toString(),
    end: end.toString(),
    lag: Number(end > next ? end - next : 0n),
  };
}
