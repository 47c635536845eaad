import { eventually } from '@nestbox/kernel/testing';
import fc from 'fast-check';
import { poisonedHandlers, quick } from '../../../../test/support/eventing/poison.fixture.js';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';

const by = { actor: 'ada', reason: 'as it happens' };
const KEYS = [0, 1, 2];
const key = fc.constantFrom(...KEYS);

type KeyStep = { readonly does: 'publish' | 'poison' | 'mend' | 'discard' | 'undo' | 'edit' | 'redrive-key'; readonly key: number };
type Step = KeyStep | { readonly does: 'redrive' | 'settle'; readonly key?: undefined };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ does: fc.constant('publish' as const), key }) },
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constantFrom('poison', 'mend', 'discard', 'undo', 'edit', 'redrive-key'), key }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('redrive', 'settle') }) },
) as fc.Arbitrary<Step>;

const byItself = { attempts: 4, inPlace: 1, firstDelayMs: 1, longestDelayMs: 10 };

describe.each([
  ['a reaction', 'ReserveStock', 'inventory.reserve-stock', quick],
  ['a projection', 'OrderHistory', 'search.orders', quick],
  ['a reaction that is retried by itself', 'ReserveStock', 'inventory.reserve-stock', byItself],
  ['a projection that is retried by itself', 'OrderHistory', 'search.orders', byItself],
] as const)('the parking queue of %s', (_kind, name, handler, retry) => {
  let shop: ShopUnderPoison;
  let rounds = 0;
  beforeAll(async () => {
    shop = new ShopUnderPoison();
    await shop.start([poisonedHandlers(shop.poison, retry)[name]]);
  });
  afterAll(() => shop.close());

  /** One run of steps on unique keys. It waits for operators and deliveries only where a step says so. */
  async function play(steps: readonly Step[]) {
    const nameOf = (n: number) => `round-${rounds}-order-${n}`;
    const poisoned = new Set<string>();
    const published = new Map(KEYS.map((n) => [nameOf(n), 0]));
    const given = new Map<string, { id: string; version: number }[]>(KEYS.map((n) => [nameOf(n), []]));
    const acting: Promise<unknown>[] = [];
    shop.poison.be((event) => {
      if (poisoned.has(event.key)) throw new TypeError('cannot be handled yet');
    });
    const head = async (of: string) => (await shop.letters.list({ handler, key: of, status: 'parked' })).letters[0];
    const act = async (each: Step) => {
      if (each.does === 'settle') return shop.caughtUp();
      if (each.does === 'redrive') return void acting.push(shop.letters.redrive({ handler }, by));
      const of = nameOf(each.key!);
      if (each.does === 'publish') {
        published.set(of, published.get(of)! + 1);
        return shop.publish(of);
      }
      if (each.does === 'poison') return void poisoned.add(of);
      if (each.does === 'mend') return void poisoned.delete(of);
      if (each.does === 'redrive-key') return void acting.push(shop.letters.redrive({ handler, key: of }, by));
      if (each.does === 'undo') {
        const last = given.get(of)!.at(-1);
        const undone = last && (await shop.letters.undoDiscard(last.id, by).then(() => true, refused));
        return undone ? void given.get(of)!.pop() : undefined;
      }
      const letter = await head(of);
      if (!letter) return;
      const data = { orderId: of, totalCents: 1 };
      if (each.does === 'edit') return void (await shop.letters.edit(letter.id, { data }, by).catch(refused));
      const discarded = await shop.letters.discard({ id: letter.id }, by).then(() => true, refused);
      if (discarded) given.get(of)!.push({ id: letter.id, version: letter.aggregateVersion! });
    };
    for (const each of steps) await act(each);
    poisoned.clear();
    await Promise.all(acting);
    await shop.caughtUp();
    await eventually(async () => {
      await shop.letters.redrive({ handler }, by);
      expect(await shop.parkedKeys()).toEqual([]);
    });
    return { published, given };
  }

  it('loses nothing, doubles nothing and keeps the order of every key, whatever operators do while events arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        rounds += 1;
        const { published, given } = await play(steps);
        for (const [of, count] of published) {
          const gone = new Set(given.get(of)!.map(({ version }) => version));
          const expected = Array.from({ length: count }, (_, n) => n + 1).filter((version) => !gone.has(version));
          expect([of, await shop.versionsOf(handler, of)]).toEqual([of, expected]);
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});

/** A domain error is a valid answer. Any other error is a bug of the queue. */
function refused(error: unknown): false {
  if (/^DEAD_LETTER_/.test(String((error as { code?: unknown }).code))) return false;
  throw error;
}
