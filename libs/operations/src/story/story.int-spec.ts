import { Pauses } from '@nestbox/consumer';
import { uuid7 } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import { Broker } from '@nestbox/messaging';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { composeStory } from '@nestbox/telemetry';
import type { FoundMessage, Story } from '@nestbox/telemetry';
import { Poison, poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { StorySearch } from './story-search.js';
import { DeliveryStatus } from './delivery-status.js';

const by = { actor: 'ada', reason: 'tested' };

/** Composes the story like `nestbox story`, from a single app. */
async function storyOf({ app }: RunningContext, id: string): Promise<Story | undefined> {
  const part = await app.get(StorySearch).find([id], new Date(Date.now() - 60_000));
  const lying = part.messages.flatMap(({ eventId, type, topic, place }: FoundMessage) =>
    place.in === 'topic' ? [{ eventId, type, topic, partition: place.partition, offset: place.offset, at: place.at }] : [],
  );
  const handlings = await app.get(DeliveryStatus).of(lying, [id]);
  return composeStory(id, { messages: [{ app: 'checkout', ...part }], handlings: [{ app: 'checkout', ...handlings }], silent: [] });
}

describe('the story of an order', () => {
  let context: RunningContext;
  const poison = new Poison();
  const standings = async (id: string) => (await storyOf(context, id))?.standings.map(({ where, handler, why }) => ({ where, handler, why }));

  beforeAll(async () => {
    const { ReserveStock, OrderHistory } = poisonedHandlers(poison);
    context = await RunningContext.start({ broker: new InMemoryBroker(), handlers: [ReserveStock, OrderHistory] });
  });
  afterEach(() => poison.mend());
  afterAll(() => context.stop());

  it('ends with nothing that waits, and says when each handler had each message', async () => {
    const [order] = await context.place();
    await eventually(async () => expect(await standings(order!.id)).toEqual([]));
    const { roots } = (await storyOf(context, order!.id))!;
    expect(roots).toHaveLength(1);
    expect(roots[0]).toMatchObject({ type: 'OrderPlaced', key: order!.id, place: { in: 'topic' } });
    expect(roots[0]!.handlings.map(({ handler, state }) => [handler, state]).sort()).toEqual([
      ['inventory.reserve-stock', 'handled'],
      ['search.orders', 'handled'],
    ]);
    for (const { at, waitedMs, stay } of roots[0]!.handlings) {
      expect(Math.abs(Date.parse(at!) - Date.now())).toBeLessThan(60_000);
      expect(waitedMs).toBeGreaterThanOrEqual(0);
      expect(stay).toEqual({ brokerMs: expect.any(Number), queueMs: expect.any(Number), handlerMs: expect.any(Number) });
    }
  });

  it('is found by the ids of its messages and by its correlation id as well', async () => {
    const [order] = await context.place();
    await eventually(async () => expect(await standings(order!.id)).toEqual([]));
    const { roots, correlationIds } = (await storyOf(context, order!.id))!;
    expect((await storyOf(context, roots[0]!.eventId))!.roots[0]!.key).toBe(order!.id);
    expect((await storyOf(context, correlationIds[0]!))!.roots[0]!.key).toBe(order!.id);
    expect(await storyOf(context, uuid7())).toBeUndefined();
  });

  it('stands in the outbox while no relay publishes, and says who has stopped it', async () => {
    await context.app.get(Pauses).pause({ kind: 'outbox' }, by);
    const [order] = await context.place();
    expect(await standings(order!.id)).toEqual([{ where: 'outbox', handler: null, why: 'paused by ada: tested' }]);
    await context.app.get(Pauses).resume({ kind: 'outbox' }, by);
    await eventually(async () => expect(await standings(order!.id)).toEqual([]));
  });

  it('stands in the consumer queue behind what a slow handler is busy with', async () => {
    let letGo: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    poison.be((_event, handler) => (handler === 'inventory.reserve-stock' ? slow : undefined));
    const [order] = await context.place();
    await eventually(async () =>
      expect(await standings(order!.id)).toEqual([
        { where: 'consumer queue', handler: 'inventory.reserve-stock', why: 'it is next' },
      ]),
    );
    letGo();
    await eventually(async () => expect(await standings(order!.id)).toEqual([]));
  });

  it('stands at the broker before an app that does not answer, as another app can tell by its group', async () => {
    const group = 'shipping';
    const [order] = await context.place();
    await eventually(async () => expect(await standings(order!.id)).toEqual([]));
    const { eventId, type, topic, place } = (await storyOf(context, order!.id))!.roots[0]!;
    if (place.in !== 'topic') throw new Error('It is on no topic.');
    const { partition, offset, at } = place;
    const lying = { eventId, type, topic, partition, offset, at };
    const told = async () => (await context.app.get(DeliveryStatus).of([lying], [], [group])).handlings.filter((one) => one.group === group);
    expect(await told()).toEqual([]);
    const broker = context.app.get(Broker);
    const ends = await broker.lag(group, [topic]);
    const seek = (to: bigint) => broker.seek(group, topic, ends.map((one) => (one.partition === partition ? String(to) : one.end)));
    await seek(BigInt(offset));
    expect(await told()).toEqual([expect.objectContaining({ handler: group, state: 'waiting', ahead: 0, groupStands: 'the app does not answer' })]);
    await seek(BigInt(offset) + 1n);
    expect(await told()).toEqual([]);
  });

  it('stands where it is parked, with the letter, the tries and the reason', async () => {
    poison.be((_event, handler) => {
      if (handler === 'inventory.reserve-stock') throw new TypeError('cannot be handled yet');
    });
    const [order] = await context.place();
    await eventually(async () =>
      expect(await standings(order!.id)).toEqual([
        {
          where: 'parked',
          handler: 'inventory.reserve-stock',
          why: expect.stringMatching(/^letter checkout\/\d+; 3 failed tries; TypeError: cannot be handled yet$/),
        },
      ]),
    );
  });

  it('stands still where an operator has paused the handler', async () => {
    await context.app.get(Pauses).pause({ kind: 'handler', name: 'search.orders' }, by);
    const [order] = await context.place();
    await eventually(async () =>
      expect(await standings(order!.id)).toEqual([
        expect.objectContaining({ where: 'paused', handler: 'inventory.reserve-stock' }),
        expect.objectContaining({ where: 'paused', handler: 'search.orders', why: 'search.orders is paused by ada: tested' }),
      ]),
    );
    await context.app.get(Pauses).resume({ kind: 'handler', name: 'search.orders' }, by);
    await eventually(async () => expect(await standings(order!.id)).toEqual([]));
  });
});
