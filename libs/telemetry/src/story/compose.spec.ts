import { composeStory } from './compose.js';
import type { FoundMessage, Handling, StoryParts } from './parts.js';

const NOW = Date.parse('2026-11-23T12:01:00.000Z');
const at = (seconds: number) => new Date(NOW - 60_000 + seconds * 1_000).toISOString();

const placed: FoundMessage = {
  eventId: 'placed', type: 'OrderPlaced', kind: 'event', producer: 'checkout', topic: 'checkout.orders', key: 'order-1', version: 1,
  correlationId: 'basket-42', causationId: 'request-1', traceId: 'trace-1', occurredAt: at(0),
  place: { in: 'topic', partition: 0, offset: '7', at: at(2) },
};
const capture: FoundMessage = {
  ...placed, eventId: 'capture', type: 'CapturePayment', kind: 'command', producer: 'fulfilment', topic: 'payments.commands',
  causationId: 'placed', occurredAt: at(3), place: { in: 'topic', partition: 1, offset: '3', at: at(3) },
};
const handled: Handling = {
  eventId: 'capture', handler: 'payments.capture', group: 'payments', state: 'handled', at: at(5), failures: 0, why: null,
  letter: null, dueAt: null, ahead: 0, groupStands: null, stay: { brokerMs: 1_700, queueMs: 300, handlerMs: 12 },
};
const saga = {
  saga: 'fulfilment.fulfil-order', id: 'order-1', status: 'running', note: null, startedAt: at(3), changedAt: at(3), endedAt: null,
  waitsFor: [{ name: 'payment', dueAt: at(600) }],
};

function compose(
  messages: FoundMessage[],
  handlings: Handling[] = [],
  sagas = [] as (typeof saga)[],
  id = 'order-1',
  outboxStands: string | null = null,
  silent: string[] = [],
) {
  const parts: StoryParts = {
    messages: [{ app: 'checkout', messages, outboxStands }],
    handlings: [{ app: 'payments', handlings, sagas }],
    silent,
  };
  return composeStory(id, parts, NOW);
}
const standings = (story: ReturnType<typeof compose>) => story?.standings.map(({ where, app, since, why }) => ({ where, app, since, why }));

describe('a story put together', () => {
  it('is a tree by what caused what, with the time in the outbox and until the handler', () => {
    const { roots } = compose([capture, placed], [handled])!;
    expect(roots).toEqual([expect.objectContaining({ eventId: 'placed', outboxMs: 2_000, handlings: [] })]);
    expect(roots[0]!.follows).toEqual([expect.objectContaining({ eventId: 'capture', outboxMs: 0, follows: [] })]);
    expect(roots[0]!.follows[0]!.handlings).toEqual([{ ...handled, app: 'payments', waitedMs: 2_000 }]);
  });

  it('has a message that was published twice once, where it lies', () => {
    const waiting = { ...placed, place: { in: 'outbox' as const } };
    expect(compose([waiting, placed, placed])!.roots).toEqual([expect.objectContaining({ place: placed.place })]);
  });

  it('tells nothing of another story that shares its correlation id', () => {
    const other = { ...placed, eventId: 'other', key: 'order-2', causationId: 'request-2' };
    expect(compose([placed, other])!.roots.map(({ key }) => key)).toEqual(['order-1']);
    expect(compose([placed, other], [], [], 'basket-42')!.roots.map(({ key }) => key).sort()).toEqual(['order-1', 'order-2']);
    expect(compose([placed, other], [], [], 'nobody')).toBeUndefined();
  });

  it('stands in the outbox of its producer, since it was written', () => {
    const waiting = { ...placed, place: { in: 'outbox' as const } };
    expect(standings(compose([waiting], [], [], 'order-1', 'no relay is alive'))).toEqual([
      { where: 'outbox', app: 'checkout', since: at(0), why: 'no relay is alive' },
    ]);
  });

  it('stands in the consumer queue, or at the broker where nobody reads', () => {
    const waiting: Handling = { ...handled, state: 'waiting', at: null, ahead: 12 };
    expect(standings(compose([placed, capture], [waiting]))).toEqual([
      { where: 'consumer queue', app: 'payments', since: at(3), why: '12 records before it' },
    ]);
    expect(standings(compose([placed, capture], [{ ...waiting, groupStands: 'not listening yet' }]))).toEqual([
      { where: 'broker', app: 'payments', since: at(3), why: 'not listening yet' },
    ]);
  });

  it('stands with the service that took a command and has not answered, while its saga waits', () => {
    expect(standings(compose([placed, capture], [handled], [saga]))).toEqual([
      { where: 'service', app: 'payments', since: at(5), why: 'it has not answered yet' },
      { where: 'saga', app: 'payments', since: at(3), why: `waits for payment until ${at(600)}` },
    ]);
    expect(standings(compose([placed, capture], [handled]))).toEqual([]);
  });

  it('stands with the service that a command lies before and that does not answer', () => {
    expect(standings(compose([placed, capture], [], [saga], 'order-1', null, ['payments']))?.[0]).toEqual({
      where: 'service', app: 'payments', since: at(3), why: 'the app does not answer: whether it has taken this is not known',
    });
  });
});
