import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { currentCorrelation, runWithCorrelation } from '@nestbox/kernel';
import { inShortSpan, inSpan, isTracing, placeOf } from './tracing.js';

const story = { correlationId: 'basket-42', causationId: 'request-1', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const collected = new InMemorySpanExporter();

function collect(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(collected)] }));
}

describe('work inside a span', () => {
  afterEach(() => {
    collected.reset();
    trace.disable();
    context.disable();
  });

  it('is just done while nobody collects, in the story that goes on', async () => {
    expect(isTracing()).toBe(false);
    await runWithCorrelation(story, () => inSpan('charge', {}, async () => expect(currentCorrelation()).toBe(story)));
  });

  it('is part of the story, and what comes of it is part of the work', async () => {
    collect();
    expect(isTracing()).toBe(true);
    await runWithCorrelation(story, () =>
      inSpan('charge', {}, async (span) => {
        expect(currentCorrelation()).toEqual({ correlationId: 'basket-42', causationId: 'request-1', ...placeOf(span) });
        inShortSpan('saga', {}, () => undefined);
      }),
    );
    const [inner, outer] = collected.getFinishedSpans();
    expect(outer).toMatchObject({ name: 'charge', parentSpanContext: { traceId: story.traceId, spanId: story.spanId } });
    expect(inner).toMatchObject({ name: 'saga', parentSpanContext: { spanId: outer!.spanContext().spanId } });
  });

  it('has spans of people’s own around it, where they make some', async () => {
    collect();
    const work = () => trace.getTracer('mine').startActiveSpan('mine', async (own) => {
      await inSpan('charge', {}, async () => undefined);
      own.end();
      return own.spanContext().spanId;
    });
    const own = await runWithCorrelation(story, () => inSpan('process', {}, work));
    expect(collected.getFinishedSpans()[0]).toMatchObject({ name: 'charge', parentSpanContext: { spanId: own } });
  });

  it('collects nothing of a trace that nobody wants collected, and says so to what comes of it', async () => {
    collect();
    await inSpan('process', { parent: { ...story, sampled: false }, story }, async () => {
      expect(currentCorrelation()).toMatchObject({ traceId: story.traceId, sampled: false });
    });
    expect(collected.getFinishedSpans()).toEqual([]);
  });

  it('tells of an error by its code or class, never by its text', async () => {
    collect();
    const failing = inSpan('send mail', {}, () => Promise.reject(new TypeError('no mail to ada@example.com')));
    await expect(failing).rejects.toThrow('ada@example.com');
    expect(collected.getFinishedSpans()[0]).toMatchObject({ attributes: { 'error.type': 'TypeError' }, events: [], status: { code: 2 } });
    expect(JSON.stringify(collected.getFinishedSpans()[0]!.status)).not.toContain('ada');
  });
});
