import { EventingError } from '../eventing.error.js';
import type { TopicSpec } from './broker.js';

export const SEVEN_DAYS_MS = 7 * 24 * 60 * 60 * 1000;

/** A topic as the broker has it. */
export interface TopicAsFound {
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  /** Infinity: for ever. */
  readonly retentionMs: number;
}

/** Refuses a topic that differs from what is configured in a way that would lose something, or its order. */
export function refuseDrift(spec: TopicSpec, found: TopicAsFound): void {
  const { name, partitions, cleanup = 'delete', retentionMs = SEVEN_DAYS_MS } = spec;
  // More partitions send a key elsewhere: events of one entity would overtake each other across the two places.
  if (found.partitions !== partitions) {
    throw new EventingError(
      'TOPIC_PARTITIONS_CHANGED',
      `Topic ${name} has ${found.partitions} partitions on the broker, ${partitions} are configured: keys would change places.`,
    );
  }
  if (found.cleanup !== cleanup) {
    const harm = cleanup === 'compact' ? 'states would vanish by their age' : 'all but the last event of each key would vanish';
    throw drifted(`Topic ${name} has cleanup policy ${found.cleanup} on the broker, ${cleanup} is configured: ${harm}.`);
  }
  if (cleanup === 'delete' && found.retentionMs < retentionMs) {
    throw drifted(
      `Topic ${name} keeps its events for ${found.retentionMs} ms on the broker, ${retentionMs} ms are configured: ` +
        'they would vanish earlier than promised. Lengthen it there, or shorten it here.',
    );
  }
}

function drifted(message: string): EventingError {
  return new EventingError('TOPIC_DRIFTED', message);
}
