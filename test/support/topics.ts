import { randomUUID } from 'node:crypto';
import type { Broker, BrokerRecord, Subscription, TopicPartition } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import type { Envelope } from '@nestbox/kernel';

export interface Told {
  readonly record: BrokerRecord;
  readonly envelope: Envelope;
}

/**
 * Everything that lies on the topics as this is called, each partition in its order: read by a group that nobody has
 * heard of. What is added meanwhile may be in it too.
 */
export async function everythingOn(broker: Broker, topics: readonly string[]): Promise<Told[]> {
  const told: Told[] = [];
  const bounds = (await broker.bounds(topics)).filter(({ earliest, end }) => earliest !== end);
  const group = `audit-${randomUUID()}`;
  const subscription: Subscription = await broker.subscribe({
    group,
    topics,
    sessionTimeoutMs: 10_000,
    handler: async ({ records }, control) => {
      for (const record of records) told.push({ record, envelope: JSON.parse(String(record.value)) as Envelope });
      await control.commit((BigInt(records.at(-1)!.offset) + 1n).toString());
    },
  });
  const unread = async () => {
    const lags = await broker.lag(group, topics);
    const place = ({ topic, partition }: TopicPartition) => `${topic}[${partition}]`;
    const read = new Map(lags.map((lag) => [place(lag), BigInt(lag.committed ?? 0)]));
    return bounds.filter((one) => (read.get(place(one)) ?? 0n) < BigInt(one.end)).map(place);
  };
  try {
    await eventually(async () => expect(await unread()).toEqual([]), { timeoutMs: 60_000 });
  } finally {
    await subscription.stop();
  }
  return unique(told);
}

/** Partitions that the group has yet to read to the end. */
export async function behind(broker: Broker, group: string, topics: readonly string[]): Promise<string[]> {
  const lags = await broker.lag(group, topics);
  return lags.filter(({ end, lag }) => end !== '0' && lag > 0).map(({ topic, partition, lag }) => `${topic}[${partition}]: ${lag}`);
}

/** How many records only repeat an event that lay there before: the relay's doing, when it cannot know better. */
export function repeats(told: readonly Told[]): number {
  return told.length - new Set(told.map(({ envelope }) => envelope.eventId)).size;
}

/** Versions by topic and order as they first appear, in the order of the log. */
export function versionsByKey(told: readonly Told[]): Map<string, number[]> {
  const seen = new Set<string>();
  const versions = new Map<string, number[]>();
  for (const { record, envelope } of told) {
    if (seen.has(envelope.eventId)) continue;
    seen.add(envelope.eventId);
    const place = `${record.topic} ${(envelope.data as { orderId: string }).orderId}`;
    versions.set(place, [...(versions.get(place) ?? []), envelope.aggregateVersion]);
  }
  return versions;
}

/** What a rebalance had delivered to us twice lies there once all the same. */
function unique(told: readonly Told[]): Told[] {
  const places = new Map(told.map((one) => [`${one.record.topic} ${one.record.partition} ${one.record.offset}`, one]));
  return [...places.values()].sort(
    ({ record: a }, { record: b }) =>
      a.topic.localeCompare(b.topic) || a.partition - b.partition || Number(BigInt(a.offset) - BigInt(b.offset)),
  );
}
