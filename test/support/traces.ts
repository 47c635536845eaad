import type { CollectedSpan } from './collector.js';

/** What cannot be reached from the first span over parents and links, in either direction. */
export function cutOff(spans: readonly CollectedSpan[]): CollectedSpan[] {
  const neighbours = new Map<string, Set<string>>();
  const join = (one: string, other: string) => {
    neighbours.set(one, (neighbours.get(one) ?? new Set()).add(other));
    neighbours.set(other, (neighbours.get(other) ?? new Set()).add(one));
  };
  for (const span of spans) {
    if (span.parentSpanId) join(placeOf(span), `${span.traceId} ${span.parentSpanId}`);
    for (const link of span.links) join(placeOf(span), placeOf(link));
  }
  const reached = new Set(spans.length > 0 ? [placeOf(spans[0]!)] : []);
  for (const place of reached) for (const next of neighbours.get(place) ?? []) reached.add(next);
  return spans.filter((span) => !reached.has(placeOf(span)));
}

/** Those whose parent nobody has sent. */
export function orphans(spans: readonly CollectedSpan[]): CollectedSpan[] {
  const there = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !there.has(parentSpanId));
}

function placeOf({ traceId, spanId }: Pick<CollectedSpan, 'traceId' | 'spanId'>): string {
  return `${traceId} ${spanId}`;
}
