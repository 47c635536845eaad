import { EventingError } from '../eventing.error.js';
import type { TopicSpec } from './broker.js';

/** More partitions send a key elsewhere: events of one entity would overtake each other across the two places. */
export function refuseOtherPartitionCount({ name, partitions }: TopicSpec, actual: number): void {
  if (actual === partitions) return;
  throw new EventingError(
    'TOPIC_PARTITIONS_CHANGED',
    `Topic ${name} has ${actual} partitions on the broker, ${partitions} are configured: keys would change places.`,
  );
}
