import { z } from 'zod';
import { ContractError } from './contract.error.js';
import { MAX_EVENT_BYTES } from './event.js';
import type { EventContract } from './event.js';
import { defineState } from './state.js';
import type { StateSpec } from './state.js';
import { upcastFrom } from './event.js';

const schema = z.object({ sku: z.string(), priceCents: z.int(), supplier: z.string().optional() });
type Data = z.infer<typeof schema>;
const example: Data = { sku: 'mug-blue', priceCents: 1250 };
const spec: StateSpec<Data> = {
  type: 'ProductState',
  version: 1,
  topic: 'inventory.products.state',
  description: 'What a product costs.',
  schema,
  key: ({ sku }) => sku,
  examples: [example],
};
const define = (change: Partial<StateSpec<Data>> = {}) => defineState({ ...spec, ...change });

describe('a state', () => {
  it('is that of the aggregate whose events lie in the topic beside it', () => {
    expect(define({ version: 2 })).toMatchObject({
      kind: 'state', of: 'inventory.products', context: 'inventory', owner: 'inventory', name: 'inventory.ProductState.v2',
    });
    expect(define({ topic: 'inventory.products.eu.state' }).of).toBe('inventory.products.eu');
  });

  it('is fully compatible and 64 KiB at most, unless it says otherwise', () => {
    expect(define()).toMatchObject({ compatibility: 'FULL_TRANSITIVE', maxBytes: 64 * 1024 });
    const own = { owner: 'buyers', compatibility: 'BACKWARD', maxBytes: MAX_EVENT_BYTES, complete: true } as const;
    expect(define(own)).toMatchObject(own);
  });

  it('cannot be changed once it is defined', () => expect(Object.isFrozen(define())).toBe(true));

  it.each<[string, Partial<StateSpec<Data>>]>([
    ['the type must be PascalCase and end in State, such as ProductState.', { type: 'Product' }],
    ['the type must be PascalCase and end in State, such as ProductState.', { type: 'productState' }],
    ['the type must be PascalCase and end in State, such as ProductState.', { type: 'State' }],
    ['the version must be a whole number from 1.', { version: 0 }],
    ['the topic "inventory.products" must read <context>.<aggregates>.state, such as inventory.products.state.', { topic: 'inventory.products' as 'a.b.state' }],
    ['the topic "inventory.state" must read <context>.<aggregates>.state, such as inventory.products.state.', { topic: 'inventory.state' as 'a.b.state' }],
    ['maxBytes 262145 is over 262144; leave out what can be had elsewhere.', { maxBytes: MAX_EVENT_BYTES + 1 }],
    ['maxBytes NaN is no limit; give a whole number of bytes from 1.', { maxBytes: NaN }],
    ['give at least one example.', { examples: [] }],
  ])('is refused with "%s" for %j', (fault, change) => {
    expect(() => define(change)).toThrow(new ContractError(`State ${change.type ?? 'ProductState'}: ${fault}`));
  });

  it('is refused with an example that breaks its schema or its limit', () => {
    expect(() => define({ examples: [{ ...example, priceCents: 0.5 }] })).toThrow(/^ProductState: data breaks its contract: priceCents: /);
    expect(() => define({ maxBytes: 10 })).toThrow(/^ProductState: \d+ bytes of data are over its limit of 10\.$/);
  });

  it('may hold personal data, except in its key', () => {
    const personal = { subject: ({ supplier }: Data) => supplier!, fields: { supplier: 'forgotten' } };
    const examples = [{ ...example, supplier: 'grace' }];
    expect(() => define({ personal, examples })).not.toThrow();
    expect(() => define({ personal, examples, key: ({ supplier }) => supplier! })).toThrow('ProductState: the key is personal; use an id that says nothing.');
  });

  it('is refused with a version before that is not one of its own', () => {
    const from = (change: Partial<StateSpec<Data>>) => define(change) as unknown as EventContract<Data>;
    const after = (change: Partial<StateSpec<Data>>) => define({ version: 2, previous: upcastFrom(from(change), (old) => old) });
    expect(() => after({ version: 1 })).not.toThrow();
    for (const change of [{ version: 2 }, { version: 3 }, { type: 'ShelfState' }]) {
      expect(() => after(change)).toThrow(/^State ProductState: previous is .*; it must be an earlier version of ProductState\.$/);
    }
  });
});
