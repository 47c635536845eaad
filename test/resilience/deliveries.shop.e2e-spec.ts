import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import { moreOrders, proveFired } from '../support/faults.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';
import type { Ended } from '../support/tools.js';
import { everythingOn } from '../support/topics.js';

const topic = 'checkout.orders';
const partitions = 6;

describeInAShop('whose deliveries are repeated and passed around', (theShop) => {
  let shop: Shop;
  beforeEach(() => {
    shop = theShop();
  });

  it('acts once when the same event is delivered three times at once', async () => {
    const handlers: Record<string, number> = { inventory: 1, email: 1, analytics: 2, search: 1 };
    const sessions = await Promise.all(Object.keys(handlers).map((context) => shop.databases.session(context)));
    // Nobody can claim anything while this lock is held: all deliveries pile up at the same line.
    for (const session of sessions) await session.query('BEGIN; LOCK TABLE nestbox.inbox IN SHARE MODE');

    const order = await shop.customer().order([{ sku: 'mug-blue', quantity: 1 }]);
    const client = await shop.broker();
    const { record } = await eventually(async () => {
      const told = await everythingOn(client, [topic]);
      return told.find(({ envelope }) => envelope.eventId === order.eventId) ?? Promise.reject(new Error('not told yet'));
    }, { timeoutMs: 30_000 });
    const { headers, value } = record;
    // One partition would be delivered in order: only beside it can the same event be at all handlers at once.
    const beside = [1, 2].map((step) => (record.partition + step) % partitions);
    const copies = beside.map((partition) => ({ topic, key: order.orderId, value: value!, headers, partition }));
    await client.publish(copies);

    const waiting = `SELECT FROM pg_locks WHERE NOT granted AND relation = 'nestbox.inbox'::regclass`;
    // At least: the sweep of old claims may wait at the same lock.
    const atOnce = Object.entries(handlers).map(([context, count]) =>
      eventually(async () => expect((await shop.query(context, waiting)).length).toBeGreaterThanOrEqual(3 * count), { timeoutMs: 20_000 }).catch(
        (error: Error) => proveFired(`${context} was not at it three times at once: ${error.message}`, false),
      ),
    );
    await Promise.all(atOnce).finally(async () => {
      for (const session of sessions) await session.query('COMMIT');
      for (const session of sessions) session.release();
    });
    await expectExactBooks(shop);
  }, 240_000);

  it('loses and doubles nothing while consumers come and go every few seconds', async () => {
    const crew = ['inventory', 'recorder'];
    const customer = shop.customer();
    const visit = customer.goShopping(2);
    const ends: Ended[] = [];
    const come = () => Promise.all(crew.map((name) => shop.another(name)));

    const polite = await come();
    await Promise.all(polite.map((extra) => extra.ready()));
    await Promise.all(polite.map((extra) => extra.stop()));
    const rude = await come();
    await Promise.all(rude.map((extra) => extra.ready()));
    await pause(2_000);
    ends.push(...(await Promise.all(rude.map((extra) => extra.kill()))));
    // Their sessions have not run out yet when the next ones come, and those do not stay either.
    const hasty = await come();
    await pause(5_000);
    ends.push(...(await Promise.all(hasty.map((extra) => extra.kill()))));
    await moreOrders(customer, 10);
    await visit.stop();
    await expectExactBooks(shop, { lettersMayBeHandedOverAgain: true });

    proveFired('not all were killed in the middle of it', ends.every(({ signal }) => signal === 'SIGKILL'));
    const newcomers = [...polite, ...rude, ...hasty].map(({ pid }) => pid);
    const worked = await shop.query('recorder', 'SELECT FROM arrivals WHERE process = ANY ($1) LIMIT 1', [newcomers]);
    proveFired('no newcomer was ever given anything to do', worked.length > 0);
  }, 240_000);
});
