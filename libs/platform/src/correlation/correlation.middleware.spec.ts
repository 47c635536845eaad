import { correlationOf } from './correlation.middleware.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('correlation of a request', () => {
  it('keeps a correlation id and a trace that arrive well formed', () => {
    const correlation = correlationOf({ 'x-correlation-id': 'basket-42', traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    expect(correlation).toMatchObject({ correlationId: 'basket-42', traceId });
  });

  it('opens a span of its own below the one that called', () => {
    const { spanId } = correlationOf({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    expect(spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(spanId).not.toBe('00f067aa0ba902b7');
  });

  it.each([
    ['another version', `01-${traceId}-00f067aa0ba902b7-01`],
    ['upper case', `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`],
    ['an all-zero trace', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['an all-zero span', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['something behind it', `00-${traceId}-00f067aa0ba902b7-01-x`],
  ])('begins a new trace when traceparent has %s', (_fault, traceparent) => {
    const correlation = correlationOf({ traceparent });
    expect(correlation.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(correlation.traceId).not.toBe(traceId);
  });

  it.each(['', 'two words', 'line\nbreak', 'x'.repeat(129)])('replaces the correlation id %j', (given) => {
    const { correlationId, causationId } = correlationOf({ 'x-correlation-id': given });
    expect(correlationId).toBe(causationId);
  });
});
