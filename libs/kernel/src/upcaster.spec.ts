import { z } from 'zod';
import { defineEvent, readEventData, upcastFrom } from './event.js';

const spec = { type: 'OrderPlaced', topic: 'checkout.orders', description: 'An order was placed.' } as const;
const V1 = defineEvent({
  ...spec, version: 1, schema: z.object({ id: z.string() }), key: ({ id }) => id, examples: [{ id: '1' }],
});
const V2 = defineEvent({
  ...spec, version: 2, schema: z.object({ orderId: z.string() }), key: ({ orderId }) => orderId, examples: [{ orderId: '1' }],
  previous: upcastFrom(V1, ({ id }) => ({ orderId: id })),
});
const V3 = defineEvent({
  ...spec, version: 3, schema: z.object({ orderId: z.string(), lines: z.int() }), key: ({ orderId }) => orderId,
  examples: [{ orderId: '1', lines: 1 }],
  previous: upcastFrom(V2, ({ orderId }) => ({ orderId, lines: 0 })),
});

describe('upcasters', () => {
  it('lead from any version to the present one, step by step', () => {
    expect(readEventData(V3, 1, { id: '7' })).toEqual({ value: { orderId: '7', lines: 0 } });
    expect(readEventData(V3, 2, { orderId: '7' })).toEqual({ value: { orderId: '7', lines: 0 } });
    expect(readEventData(V3, 3, { orderId: '7', lines: 2 })).toEqual({ value: { orderId: '7', lines: 2 } });
  });

  it('are given only what the old version allowed', () => {
    expect(readEventData(V3, 1, { orderId: '7' }).issues).toBeDefined();
  });

  it('take a version from the future as far as it is known', () => {
    expect(readEventData(V2, 9, { orderId: '7', gift: true })).toEqual({ value: { orderId: '7' } });
  });

  it('must come from an earlier version of the same event', () => {
    const { schema, key, examples } = V2;
    const define = (version: number) => defineEvent({ ...spec, version, schema, key, examples, previous: upcastFrom(V2, (old) => old) });
    expect(() => define(2)).toThrow('previous is checkout.OrderPlaced.v2; it must be an earlier version of OrderPlaced.');
  });
});
