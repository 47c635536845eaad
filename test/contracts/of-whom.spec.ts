import * as contracts from '@nestbox/contracts';
import type { EventContract } from '@nestbox/kernel';

type Contract = EventContract<Record<string, unknown>> & { readonly personal?: { subject(data: object): string; fields: object } };

const isContract = (one: unknown): one is Contract => typeof one === 'object' && one !== null && 'schema' in one && 'examples' in one && 'key' in one;
const all = Object.values(contracts as Record<string, unknown>).filter(isContract);

describe.each(all.map((contract) => [contract.type, contract] as const))('The contract %s', (_type, contract) => {
  const examples = contract.examples as readonly Record<string, unknown>[];

  it('has the key of what it tells of: of the order where there is one, else of the product or the account', () => {
    for (const example of examples) expect(contract.key(example)).toBe(example.orderId ?? example.sku ?? example.accountId);
  });

  it('names the person where it holds something of one', () => {
    const isPersonal = examples.some((example) => 'email' in example);
    expect(contract.personal !== undefined || !isPersonal).toBe(true);
    for (const example of isPersonal ? examples : []) expect(contract.personal!.subject(example)).toBe(example.userId ?? example.accountId);
  });
});
