import * as laws from './laws.js';
import type { Law } from './laws.js';

const shelf = [{ sku: 'teapot', name: 'Teapot', priceCents: 4900, onHand: 10 }];
const stock = (there: number, reserved: number, shipped: number) => laws.stockConserved([[{ sku: 'teapot', there, reserved, shipped }]], shelf);
const line = (kind: 'published' | 'effect', version: number) => ({ kind, key: 'order-1', version, consumer: kind === 'effect' ? 'recorder' : undefined });
const letter = { context: 'email', key: 'order-1', error: 'the table is full' };
const logged = (text: string) => laws.logsAreClean(new Map([['email', text]]));

const cases: Record<string, { kept: Law; broken: Law[] }> = {
  'everybody-answered': { kept: laws.everybodyAnswered([], 3), broken: [laws.everybodyAnswered(['/orders had no answer in 90 s'], 3)] },
  'confirmed-is-kept': { kept: laws.confirmedIsKept([{ missing: [] }]), broken: [laws.confirmedIsKept([{ missing: ['order-1'] }])] },
  'stock-conserved': { kept: stock(8, 1, 2), broken: [stock(8, 1, 1), stock(1, 2, 9), stock(10, -1, 0), laws.stockConserved([[{ sku: 'mug', there: 1, reserved: 0, shipped: 0 }]], shelf)] },
  'exact-books': { kept: laws.exactBooks('', 3), broken: [laws.exactBooks('an order is missing', 3)] },
  'history-holds': {
    kept: laws.historyHolds([line('published', 1), line('effect', 1)]),
    broken: [laws.historyHolds([]), laws.historyHolds([line('published', 1), line('published', 2), line('effect', 1)]), laws.historyHolds([line('published', 1), line('effect', 1), line('effect', 1)])],
  },
  'nothing-parked': { kept: laws.nothingParked([letter], new Set(['order-1'])), broken: [laws.nothingParked([letter], new Set())] },
  'logs-are-clean': { kept: logged('{"level":"error","message":"the broker is away"}'), broken: [logged('Error: unhandled rejection'), logged('TypeError: x is not a function')] },
  'everything-recovered': { kept: laws.everythingRecovered([], 2), broken: [laws.everythingRecovered(['1. app-killed email: a new order was not mailed'], 2)] },
};

describe.each(Object.entries(cases))('The law %s', (name, { kept, broken }) => {
  it('holds where nothing breaks it', () => {
    expect(kept).toMatchObject({ name, held: true });
  });

  it('is seen to be broken', () => {
    for (const law of broken) expect(law).toMatchObject({ name, held: false, detail: expect.stringMatching(/./) });
  });
});
