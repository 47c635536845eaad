import fc from 'fast-check';
import { replay } from './decider.js';
import type { Decider } from './decider.js';
import { DomainError } from './domain-error.js';
import { specify } from './testing/index.js';

class SoldOut extends DomainError {
  readonly code = 'SOLD_OUT';
}

type Fact = { readonly type: 'StockListed' | 'StockReserved'; readonly quantity: number };
const stock: Decider<{ reserve: number }, number, Fact> = {
  initial: 0,
  evolve: (onHand, { type, quantity }) => (type === 'StockListed' ? onHand + quantity : onHand - quantity),
  decide: ({ reserve }, onHand) => {
    if (reserve > onHand) throw new SoldOut();
    return reserve === 0 ? [] : [{ type: 'StockReserved', quantity: reserve }];
  },
};
const listed = (quantity: number): Fact => ({ type: 'StockListed', quantity });
const reserved = (quantity: number): Fact => ({ type: 'StockReserved', quantity });

describe('replay', () => {
  it('is the initial state when nothing has happened', () => expect(replay(stock, [])).toBe(0));

  it('takes the facts in their order', () => {
    const words: Pick<Decider<never, string, string>, 'initial' | 'evolve'> = { initial: '', evolve: (told, word) => `${told}${word} ` };
    expect(replay(words, ['placed', 'paid', 'shipped'])).toBe('placed paid shipped ');
  });

  it('can go on from any point of a history', () => {
    const facts = fc.array(fc.record({ type: fc.constantFrom('StockListed' as const, 'StockReserved' as const), quantity: fc.nat(99) }));
    fc.assert(
      fc.property(facts, facts, (earlier, later) => {
        expect(replay(stock, later, replay(stock, earlier))).toBe(replay(stock, [...earlier, ...later]));
      }),
    );
  });
});

describe('specify', () => {
  const { given } = specify(stock);

  it('passes when the rule holds', () => {
    given(listed(5)).when({ reserve: 3 }).then(reserved(3));
    given(listed(5)).when({ reserve: 0 }).thenNothing();
    given(listed(5), reserved(4)).when({ reserve: 3 }).thenRefuses('SOLD_OUT');
  });

  it('fails when other facts follow, or none', () => {
    expect(() => given(listed(5)).when({ reserve: 3 }).then(reserved(4))).toThrow('deep-equal');
    expect(() => given(listed(5)).when({ reserve: 0 }).then(reserved(1))).toThrow('deep-equal');
    expect(() => given(listed(5)).when({ reserve: 3 }).thenNothing()).toThrow('deep-equal');
  });

  it('fails when the business does not refuse, or for another reason', () => {
    expect(() => given(listed(5)).when({ reserve: 3 }).thenRefuses('SOLD_OUT')).toThrow('expected a refusal with SOLD_OUT, but it was allowed');
    expect(() => given().when({ reserve: 3 }).thenRefuses('NOT_LISTED')).toThrow('SOLD_OUT');
  });

  it('does not take a refusal for facts', () => expect(() => given().when({ reserve: 3 }).then(reserved(3))).toThrow(SoldOut));
});
