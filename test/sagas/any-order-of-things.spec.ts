import fc from 'fast-check';
import { RehearsedShop } from './rehearsed-shop.js';

const circumstances = fc.record({
  onShelf: fc.constantFrom(10, 10, 1),
  cardIsGood: fc.constantFrom(true, true, false),
  regionIsServed: fc.constantFrom(true, true, false),
});
type Turn = { readonly pick: number } | { readonly ms: number } | { readonly wish: true };
/** What happens next: one of the things that can, or some time goes by, or the customer has had enough. */
const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ pick: fc.nat(1_000) }) },
  { weight: 3, arbitrary: fc.record({ ms: fc.constantFrom(1_000, 30_000, 119_999, 120_000, 400_000) }) },
  { weight: 1, arbitrary: fc.constant({ wish: true as const }) },
);

function play(shop: RehearsedShop, turns: readonly Turn[]): void {
  for (const one of turns) {
    const possible = shop.possible();
    if ('ms' in one) shop.pass(one.ms);
    else if ('wish' in one) shop.happen('customer cancels');
    else if (possible.length > 0) shop.happen(possible[one.pick % possible.length]!);
    expect(shop.stock.free).toBeGreaterThanOrEqual(0);
  }
  shop.comeToRest();
}

/** What must be true of every order that has come to rest, whatever became of it. */
function expectBooksToBalance(shop: RehearsedShop, onShelf: number): void {
  const isShipped = shop.saga.status === 'completed';
  expect(['completed', 'compensated', 'cancelled']).toContain(shop.saga.status);
  expect(shop.order.status).toBe(isShipped ? 'shipped' : 'cancelled');
  expect(shop.money.captured - shop.money.refunded).toBe(isShipped ? shop.order.totalCents : 0);
  expect(shop.stock).toEqual({ free: onShelf - (isShipped ? 2 : 0), reserved: 0, shipped: isShipped ? 2 : 0 });
  expect(shop.told.filter((type) => type === 'OrderShipped' || type === 'OrderCancelled')).toHaveLength(1);
  expect(shop.saga.timeouts.size).toBe(0);
}

describe('an order, whatever happens in whatever order', () => {
  it('ends shipped and paid for, or cancelled with nothing left of it', () => {
    const ends = new Map<string, number>();
    const property = fc.property(circumstances, fc.array(turn, { maxLength: 60 }), (given, turns) => {
      const shop = new RehearsedShop(given);
      play(shop, turns);
      expectBooksToBalance(shop, given.onShelf);
      ends.set(shop.saga.status, (ends.get(shop.saga.status) ?? 0) + 1);
    });
    fc.assert(property, { numRuns: 3_000 });
    // All three ends were met, or this has shown nothing.
    expect([...ends.keys()].sort()).toEqual(['cancelled', 'compensated', 'completed']);
  });

  it('survives 1,000 races between an answer and the timeout that waits for it, in either order', () => {
    const winners = new Set<string>();
    for (let seed = 0; seed < 1_000; seed++) {
      const shop = new RehearsedShop({ onShelf: 10, cardIsGood: true, regionIsServed: true });
      const answers = seed % 8;
      for (let step = 0; step < answers; step++) shop.happen(shop.possible()[0] ?? 'nothing');
      // Which of two that fall together comes first, from the seed alone.
      const answer = () => shop.happen(shop.possible()[seed % Math.max(1, shop.possible().length)] ?? 'nothing');
      const timeout = () => shop.pass(120_000);
      const race = (seed >> 3) % 2 === 0 ? [answer, timeout] : [timeout, answer];
      for (const runner of race) runner();
      shop.comeToRest();
      expectBooksToBalance(shop, 10);
      winners.add(shop.saga.status);
    }
    expect([...winners].sort()).toEqual(['compensated', 'completed']);
  });
});
