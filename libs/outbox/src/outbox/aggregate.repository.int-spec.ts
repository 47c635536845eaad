import { isTransient } from '@nestbox/database';
import { uuid7 } from '@nestbox/kernel';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { OrderRepository, RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { Order } from '../../../../test/support/eventing/shop.fixture.js';

describe('two who create the same aggregate at once', () => {
  let context: RunningContext;
  let orders: OrderRepository;
  beforeAll(async () => {
    context = await RunningContext.start({ broker: new InMemoryBroker(), relay: { enabled: false } });
    orders = context.app.get(OrderRepository);
  });
  afterAll(() => context?.stop());

  /** As a handler does it that may come first or second: both have looked before either saves. */
  async function race(ids: readonly string[], look: (id: string) => Promise<unknown>) {
    let looked = 0;
    let open = () => {};
    const everybodyHasLooked = new Promise<void>((resolve) => (open = resolve));
    const handle = (id: string, n: number) =>
      context.unitOfWork.run(async () => {
        expect(await look(id)).toBeNull();
        if (++looked === ids.length) open();
        await everybodyHasLooked;
        await orders.save(Order.place(100 + n, id));
      });
    const ends = await Promise.allSettled(ids.map(handle));
    return ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  }

  it('end in one that is saved and one that is tried again, uncounted', async () => {
    const id = uuid7();
    const [error, ...others] = await race([id, id], () => orders.lock(id));
    expect(others).toEqual([]);
    expect(error).toMatchObject({ name: 'DatabaseError', code: 'VERSION_CONFLICT', cause: expect.anything() });
    expect(isTransient(error)).toBe(true);
    expect(await context.query('SELECT FROM orders WHERE id = $1', [id])).toHaveLength(1);
    // What a second try finds.
    expect(await context.unitOfWork.run(() => orders.lock(id))).toMatchObject({ id });
  });

  it('are no conflict when another unique index refuses the row: trying again would not help', async () => {
    await context.query('CREATE UNIQUE INDEX one_total ON orders (total_cents) WHERE total_cents = 777');
    const [first, second] = [uuid7(), uuid7()];
    const save = (id: string) =>
      context.unitOfWork.run(async () => {
        expect(await orders.find(id)).toBeNull();
        await orders.save(Order.place(777, id));
      });
    await save(first);
    const error: unknown = await save(second).catch((reason: unknown) => reason);
    expect(isTransient(error)).toBe(false);
    expect(error).toMatchObject({ driverError: { code: '23505' } });
  });

  it('are no conflict for one that has not looked: it would insert for ever', async () => {
    const order = Order.place(100);
    await context.save(order);
    const error: unknown = await context.save(Order.place(100, order.id)).catch((reason: unknown) => reason);
    expect(isTransient(error)).toBe(false);
  });
});
