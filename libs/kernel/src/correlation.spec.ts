import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { currentCorrelation, formatTraceparent, newSpanId, newTraceId, parseTraceparent, runWithCorrelation } from './correlation.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('names trace and span, and whether anybody collects them', () => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, sampled: true });
    expect(parseTraceparent(`00-${traceId}-${spanId}-00`)).toEqual({ traceId, spanId, sampled: false });
  });

  it('is sampled by its lowest bit; what the others may come to mean is not asked', () => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-03`)?.sampled).toBe(true);
    expect(parseTraceparent(`00-${traceId}-${spanId}-fe`)?.sampled).toBe(false);
  });

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['another version', `01-${traceId}-${spanId}-01`],
    ['the version that is forbidden', `ff-${traceId}-${spanId}-01`],
    ['a short trace', `00-${traceId.slice(1)}-${spanId}-01`],
    ['a long span', `00-${traceId}-${spanId}0-01`],
    ['no flags', `00-${traceId}-${spanId}`],
    ['short flags', `00-${traceId}-${spanId}-1`],
    ['something behind', `00-${traceId}-${spanId}-01-basket`],
    ['a line break behind', `00-${traceId}-${spanId}-01\n`],
    ['blanks around', ` 00-${traceId}-${spanId}-01 `],
    ['digits that are not hex', `00-${traceId.replace('a', 'g')}-${spanId}-01`],
  ])('is dropped, not repaired, when it is %s', (_what, header) => expect(parseTraceparent(header)).toBeUndefined());

  it('comes back as it was written', () => {
    const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter((text) => /[^0]/.test(text));
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (trace, span, sampled) => {
        const told = { traceId: trace, spanId: span, sampled };
        expect(parseTraceparent(formatTraceparent(told))).toEqual(told);
      }),
    );
  });

  it('asks to be collected unless somebody has said no', () => {
    expect(formatTraceparent({ traceId, spanId })).toBe(`00-${traceId}-${spanId}-01`);
    expect(formatTraceparent({ traceId, spanId, sampled: false })).toBe(`00-${traceId}-${spanId}-00`);
  });

  it('can be made of new ids', () => {
    const ids = Array.from({ length: 2_000 }, () => ({ traceId: newTraceId(), spanId: newSpanId() }));
    for (const one of ids) expect(parseTraceparent(formatTraceparent(one))).toMatchObject(one);
    expect(new Set(ids.map((one) => one.traceId)).size).toBe(ids.length);
    expect(new Set(ids.map((one) => one.spanId)).size).toBe(ids.length);
  });
});

describe('the correlation', () => {
  const of = (order: string) => ({ correlationId: `basket-${order}`, causationId: order, traceId, spanId });

  it('is known to everything that a piece of work leads to, later as well, and to nothing else', async () => {
    const seen = await runWithCorrelation(of('order-1'), async () => {
      await pause(1);
      return currentCorrelation();
    });
    expect(seen).toEqual(of('order-1'));
    expect(currentCorrelation()).toBeUndefined();
  });

  it('is not mixed up by orders that are handled at the same time', async () => {
    const handle = (order: string) =>
      runWithCorrelation(of(order), async () => {
        await pause(order === 'order-1' ? 4 : 1);
        return currentCorrelation()!.causationId;
      });
    expect(await Promise.all(['order-1', 'order-2', 'order-3'].map(handle))).toEqual(['order-1', 'order-2', 'order-3']);
  });

  it('is the innermost, and the outer one again behind it, also when the inner work fails', () => {
    const fail = () => {
      expect(currentCorrelation()).toEqual(of('order-2'));
      throw new Error('no stock');
    };
    runWithCorrelation(of('order-1'), () => {
      expect(() => runWithCorrelation(of('order-2'), fail)).toThrow('no stock');
      expect(currentCorrelation()).toEqual(of('order-1'));
    });
  });

  it('hands on what the work returns', () => expect(runWithCorrelation(of('order-1'), () => 'placed')).toBe('placed'));
});
