import { eventually } from '@nestbox/kernel/testing';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { Order } from '../../../../test/support/eventing/shop.fixture.js';

const outbox = { maxBytes: 200_000, resumeBelow: 20 };

describe('an outbox that nobody empties', () => {
  const broker = new InMemoryBroker();
  let shop: RunningContext;
  const stored = async () => (await shop.query<{ id: string }>('SELECT id FROM orders')).map(({ id }) => id);
  const place = () => shop.save(Order.place(1_000));

  beforeAll(async () => {
    shop = await RunningContext.start({ broker, outbox, relay: { enabled: false } });
  });
  afterAll(() => shop.stop());

  it('refuses writes above its cap, and stores nothing of them', async () => {
    await eventually(() => expect(place()).rejects.toMatchObject({ code: 'OUTBOX_FULL' }), { everyMs: 0, timeoutMs: 30_000 });
    const before = await stored();
    await expect(place()).rejects.toMatchObject({ code: 'OUTBOX_FULL' });

    expect(before.length).toBeGreaterThan(outbox.resumeBelow);
    expect(await stored()).toEqual(before);
  });

  it('is still full for a process that starts', async () => {
    const other = await RunningContext.start({ broker, outbox, database: shop.database, relay: { enabled: false } });
    await expect(other.save(Order.place(1_000))).rejects.toMatchObject({ code: 'OUTBOX_FULL' });
    await other.app.close();
  });

  it('takes writes again once it is emptied, and has lost nothing that it took', async () => {
    const relaying = await RunningContext.start({ broker, outbox, database: shop.database });
    await eventually(() => place(), { timeoutMs: 30_000 });
    const orders = await stored();

    await eventually(async () => {
      const told = broker.log.topic('checkout.orders')!.flatMap(({ records }) => records.map(({ key }) => key!.toString()));
      expect(told.sort()).toEqual(orders.sort());
    });
    await relaying.app.close();
  });
});
