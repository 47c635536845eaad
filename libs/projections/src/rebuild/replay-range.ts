import type { Broker, PartitionBounds } from '@nestbox/messaging';
import { RangeInvalid } from './projection.errors.js';

export type Range = Readonly<Record<string, { readonly from: string; readonly to: string }>>;

export function partitionName({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}[${partition}]`;
}

/**
 * The offsets of each partition between two times (ISO 8601) or offsets, limited to what the log holds. `from` defaults to
 * the beginning, `to` (exclusive) to the current end.
 */
export async function rangeOf(broker: Broker, topics: readonly string[], from?: string, to?: string): Promise<Range> {
  const bounds = await broker.bounds(topics);
  const starts = await offsets(broker, bounds, from, ({ earliest }) => earliest);
  const ends = await offsets(broker, bounds, to, ({ end }) => end);
  return Object.fromEntries(
    bounds.map((bound, n) => {
      const start = clamp(BigInt(starts[n]!), bound);
      const end = clamp(BigInt(ends[n]!), bound);
      return [partitionName(bound), { from: String(start), to: String(end > start ? end : start) }];
    }),
  );
}

export function sizeOf(range: Range): number {
  return Object.values(range).reduce((sum, { from, to }) => sum + Number(BigInt(to) - BigInt(from)), 0);
}

async function offsets(
  broker: Broker,
  bounds: readonly PartitionBounds[],
  text: string | undefined,
  otherwise: (bound: PartitionBounds) => string,
): Promise<string[]> {
  if (text === undefined) return bounds.map(otherwise);
  if (/^\d{1,18}$/.test(text)) return bounds.map(() => text);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new RangeInvalid(text.slice(0, 50));
  const byTopic = new Map<string, string[]>();
  for (const { topic } of bounds) if (!byTopic.has(topic)) byTopic.set(topic, await broker.offsetsAt(topic, time));
  return bounds.map((bound) => byTopic.get(bound.topic)![bound.partition] ?? otherwise(bound));
}

function clamp(offset: bigint, { earliest, end }: PartitionBounds): bigint {
  const [low, high] = [BigInt(earliest), BigInt(end)];
  return offset < low ? low : offset > high ? high : offset;
}
