import * as contracts from '@nestbox/contracts';
import { defineCommand, defineEvent } from '@nestbox/kernel';
import type { MessageContract } from '@nestbox/kernel';
import { z } from 'zod';

const messages = Object.values<unknown>(contracts).filter((one): one is MessageContract =>
  ['event', 'command', 'state'].includes((one as { kind?: string }).kind ?? ''),
);

describe('the topics of the house', () => {
  it('are these, with these partitions: another number would break the order of what is in them', () => {
    expect(contracts.topics).toEqual([
      { name: 'accounts.users', partitions: 6 },
      { name: 'checkout.commands', partitions: 6 },
      { name: 'checkout.orders', partitions: 6 },
      { name: 'inventory.commands', partitions: 6 },
      { name: 'inventory.products', partitions: 3 },
      { name: 'inventory.products.state', partitions: 3, cleanup: 'compact' },
      { name: 'inventory.reservations', partitions: 6 },
      { name: 'payments.commands', partitions: 6 },
      { name: 'payments.payments', partitions: 6 },
      { name: 'shipping.commands', partitions: 6 },
      { name: 'shipping.shipments', partitions: 6 },
    ]);
  });

  it('are those that contracts travel in, each declared once', () => {
    const used = new Set(messages.map(({ topic }) => topic as string));
    expect(contracts.topics.map(({ name }) => name)).toEqual([...used].sort());
  });
});

describe('a contract', () => {
  const spec = { version: 1, description: 'A fact.', schema: z.object({ sku: z.string() }), key: ({ sku }: { sku: string }) => sku, examples: [{ sku: 'mug' }] };

  it('takes its topic by name, or as it is declared', () => {
    const named = defineEvent({ ...spec, type: 'ShelfFilled', topic: 'inventory.shelves' });
    const declared = defineEvent({ ...spec, type: 'ShelfFilled', topic: { name: 'inventory.shelves', partitions: 3 } });
    expect([named.topic, declared.topic]).toEqual(['inventory.shelves', 'inventory.shelves']);
  });

  it('of a command does not travel where its recipient does not read', () => {
    const elsewhere = { name: 'payments.commands', partitions: 6 } as const;
    expect(() => defineCommand({ ...spec, type: 'FillShelf', recipient: 'inventory', topic: elsewhere })).toThrow(
      'Command FillShelf: its recipient reads inventory.commands, not payments.commands.',
    );
  });
});
