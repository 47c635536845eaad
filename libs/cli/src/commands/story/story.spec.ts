import type { Story, StoryMessage } from '@nestbox/telemetry';
import { sinceOf } from './ask.js';
import { mermaidOf } from './mermaid.js';
import { textOf } from './text.js';

const waiting: StoryMessage['handlings'][number] = {
  app: 'inventory', eventId: 'placed', handler: 'inventory.reserve-stock', group: 'inventory', state: 'waiting', at: null, failures: 0,
  why: null, letter: null, dueAt: null, ahead: 3, groupStands: null, stay: null, waitedMs: 4_200,
};
const stock: StoryMessage = {
  eventId: 'placed', type: 'OrderPlaced', kind: 'event', producer: 'checkout', topic: 'checkout.orders', key: 'order-1', version: 1,
  correlationId: 'basket-42', causationId: 'request-1', traceId: 'trace-1', occurredAt: '2026-11-23T12:00:00.000Z',
  place: { in: 'topic', partition: 0, offset: '7', at: '2026-11-23T12:00:00.012Z' },
  outboxMs: 12, handlings: [waiting], follows: [],
};
const shipped: StoryMessage = {
  ...stock, eventId: 'shipped', type: 'OrderShipped', producer: 'shipping', occurredAt: '2026-11-23T12:00:02.000Z', handlings: [],
};
const story: Story = {
  id: 'order-1', correlationIds: ['basket-42'], traceIds: ['trace-1'], startedAt: stock.occurredAt,
  roots: [{ ...stock, follows: [shipped] }],
  sagas: [],
  standings: [{
    where: 'consumer queue', app: 'inventory', handler: 'inventory.reserve-stock', type: 'OrderPlaced', eventId: 'placed',
    since: '2026-11-23T12:00:00.012Z', why: '3 records before it',
  }],
  silent: ['email'],
};

describe('a story as text', () => {
  it('is a tree with what became of each message, then where it stands and who did not answer', () => {
    const text = textOf(story);
    expect(text).toContain('OrderPlaced  +0 ms  by checkout, outbox 12 ms  placed');
    expect(text).toContain('│   … inventory.reserve-stock in the consumer queue, 3 before it, for 4.2 s');
    expect(text).toContain('└─ OrderShipped  +2.0 s  by shipping');
    expect(text).toMatch(/inventory: consumer queue since 2026-11-23T12:00:00\.012Z \(.*\), OrderPlaced for inventory\.reserve-stock: 3 records before it/);
    expect(text).toContain('No answer from email: what is known there is missing.');
  });

  it('cannot be forged by what a message says of itself', () => {
    const forged = { ...story, roots: [{ ...stock, type: 'Order\nNothing of it waits anywhere.\u001b[2J' }] };
    expect(textOf(forged).split('\n').filter((line) => line.startsWith('Nothing'))).toEqual([]);
    expect(textOf(forged)).not.toContain('\u001b');
  });
});

describe('a story as a diagram', () => {
  it('has every app, every handler, and a note where it stands', () => {
    const lines = mermaidOf(story).split('\n');
    expect(lines[0]).toBe('sequenceDiagram');
    expect(lines).toContain('  checkout--xinventory: OrderPlaced → inventory.reserve-stock waiting');
    expect(lines).toContain('  shipping->>shipping: OrderShipped');
    expect(lines).toContain('  Note over inventory: consumer queue: OrderPlaced, 3 records before it');
  });

  it('takes nothing for Mermaid that a message says', () => {
    const forged = { ...story, roots: [{ ...stock, type: 'Order; end #35; <b>', producer: 'check out\nNote' }] };
    expect(mermaidOf(forged)).not.toMatch(/[;<>#]|out\nNote/);
  });
});

describe('where a story is looked for', () => {
  it('begins shortly before its id was made, where that tells', () => {
    expect(sinceOf('01a20871-f195-7000-bc8d-ffc2e5f43cd1', undefined).toISOString()).toBe(new Date(0x01a20871f195 - 60_000).toISOString());
    expect(sinceOf('basket-42', undefined, 86_400_000)).toEqual(new Date(0));
    expect(sinceOf('basket-42', '2026-11-23T12:00:00Z').toISOString()).toBe('2026-11-23T12:00:00.000Z');
  });
});
