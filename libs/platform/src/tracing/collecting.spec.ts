import { ROOT_CONTEXT, SpanKind, trace, TraceFlags } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { collecting } from './collecting.js';

const place = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', isRemote: true };
const collectedPlace = { ...place, traceFlags: TraceFlags.SAMPLED };
const otherPlace = { ...place, traceFlags: TraceFlags.NONE };
const decide = (share: number, parent = ROOT_CONTEXT, links: { context: typeof collectedPlace }[] = []) =>
  collecting(share).shouldSample(parent, place.traceId, 'process', SpanKind.CONSUMER, {}, links).decision === SamplingDecision.RECORD_AND_SAMPLED;

describe('which traces are collected', () => {
  it('is decided where they begin, by their share', () => {
    expect([decide(1), decide(0)]).toEqual([true, false]);
  });

  it('is kept by everything that is part of them', () => {
    expect(decide(0, trace.setSpanContext(ROOT_CONTEXT, collectedPlace))).toBe(true);
    expect(decide(1, trace.setSpanContext(ROOT_CONTEXT, otherPlace))).toBe(false);
  });

  it('includes batches that hold something of one', () => {
    expect(decide(0, ROOT_CONTEXT, [{ context: otherPlace }, { context: collectedPlace }])).toBe(true);
    expect(decide(0, ROOT_CONTEXT, [{ context: otherPlace }])).toBe(false);
  });
});
