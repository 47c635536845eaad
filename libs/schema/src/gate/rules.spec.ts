import { defineEvent } from '@nestbox/kernel';
import type { EventContract } from '@nestbox/kernel';
import { z } from 'zod';
import { avro } from '../codec/schema-as-contract.js';
import { viewOf } from './contract-catalog.js';
import { remarksOn } from './rules.js';

const personal = { 'x-personal-data': true };
const good = { orderId: z.string(), email: z.string().meta(personal), totalCents: z.int() };
const example = { orderId: 'order-1', email: 'ada@example.com', totalCents: 100 };

function remarks(shape: z.ZodRawShape, data: object, rest: Partial<EventContract> = {}): string[] {
  const contract = defineEvent({
    type: 'OrderPlaced', version: 1, topic: 'checkout.orders', description: 'A customer has placed an order.',
    schema: z.object(shape) as never, key: () => 'order-1', examples: [data] as never[], ...(rest as object),
  });
  return remarksOn(viewOf(contract as unknown as EventContract));
}

describe('the rules for contracts', () => {
  it('have nothing to say of an event that holds to them', () => {
    expect(remarks(good, example)).toEqual([]);
  });

  it.each([
    ['an id that does not say of what', { ...good, id: z.string() }, { ...example, id: '1' }, /"id" does not say what it identifies/],
    ['an id inside a list', { ...good, lines: z.array(z.object({ uuid: z.string() })) }, { ...example, lines: [] }, /"lines\[\]\.uuid" does not say/],
    ['a link that has to be fetched', { ...good, detailsUrl: z.string() }, { ...example, detailsUrl: '' }, /"detailsUrl" has to be fetched from the producer/],
    ['nothing but an id', { orderId: z.string() }, { orderId: 'order-1' }, /nothing but an id, so readers have to ask the producer back/],
    ['personal data without a tag', { ...good, phone: z.string() }, { ...example, phone: '1' }, /"phone" looks like personal data and is not tagged/],
  ])('name %s', (_what, shape, data, remark) => {
    expect(remarks(shape, data)).toEqual([expect.stringMatching(remark)]);
  });

  it('name a description that is no sentence', () => {
    expect(remarks(good, example, { description: 'order placed' })).toEqual(['OrderPlaced v1: its description is no sentence.']);
  });

  it('name an event that is near its limit of size', () => {
    expect(remarks(good, example, { maxBytes: 100 })).toEqual([expect.stringMatching(/takes \d+ of 100 bytes: send a reference/)]);
  });

  it('name an example that its wire format loses', () => {
    const text = JSON.stringify({ type: 'record', name: 'OrderPlaced', fields: [{ name: 'orderId', type: 'string' }] });
    const { wire } = avro(text);
    expect(remarks(good, example, { wire })).toEqual(['OrderPlaced v1: an example does not come back from AVRO as it went in.']);
  });

  it('do not let the past tense be forgotten: such an event cannot be defined', () => {
    expect(() => remarks(good, example, { type: 'PlaceOrder' })).toThrow(/past participle/);
  });
});
