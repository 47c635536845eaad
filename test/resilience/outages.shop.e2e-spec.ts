import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import { moreOrders, pauseBroker, proveFired, stopBroker } from '../support/faults.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';

describeInAShop('that loses what it stands on', (theShop) => {
  let shop: Shop;
  beforeEach(() => {
    shop = theShop();
  });

  it('takes orders while the broker is down for 20 s, and tells everybody afterwards', async () => {
    const customer = shop.customer();
    const visit = customer.goShopping(2);
    await moreOrders(customer, 10);

    const { wasThere, bringBack } = await stopBroker(shop);
    const back = pause(20_000);
    await eventually(async () => {
      const { status, body } = await shop.app('checkout').get('/health/ready');
      expect(status).toBe(503);
      expect(JSON.stringify(body)).toContain('broker: ');
    }, { timeoutMs: 15_000 });
    const before = customer.purchases.length;
    await back;
    const unheard = customer.purchases.slice(before);
    const letters = unheard.flatMap(({ email }) => shop.mailbox.to(email));
    await bringBack();
    await moreOrders(customer, 10);
    await visit.stop();
    await expectExactBooks(shop);

    proveFired('there was no broker to stop', wasThere);
    proveFired('nothing was ordered while the broker was down', unheard.length > 10);
    proveFired('word of an order got through while the broker was down', letters.length === 0);
    expect(customer.failedTries).toBe(0);
  }, 240_000);

  it('loses and doubles nothing when the broker stands still for longer than a session, and goes on', async () => {
    const customer = shop.customer();
    const visit = customer.goShopping(2);
    await moreOrders(customer, 10);

    const { resume } = await pauseBroker(shop);
    const before = customer.purchases.length;
    await pause(12_000);
    const during = customer.purchases.length - before;
    const stoodStill = resume();
    await moreOrders(customer, 10);
    await visit.stop();
    await expectExactBooks(shop, { lettersMayBeHandedOverAgain: true });

    proveFired('no process of the broker stood still', stoodStill > 0);
    proveFired('nothing was ordered while the broker stood still', during > 10);
    expect(customer.failedTries).toBe(0);
  }, 240_000);

  it('loses and doubles nothing while PostgreSQL ends all its connections twice a second', async () => {
    const customer = shop.customer();
    const visit = customer.goShopping(4);
    await moreOrders(customer, 10);

    let ended = 0;
    for (let round = 0; round < 20; round++) {
      ended += await shop.databases.terminateBackends();
      await pause(500);
    }
    await visit.stop();
    await expectExactBooks(shop, { lettersMayBeHandedOverAgain: true });

    proveFired(`hardly a connection was ended: ${ended}`, ended > 50);
    proveFired('no customer noticed', customer.failedTries > 0);
  }, 240_000);

  const isLong = process.env.NESTBOX_LONG_TESTS === '1';
  if (!isLong) process.stderr.write('Skipped: twenty restarts of the broker: minutes long; NESTBOX_LONG_TESTS=1 runs them\n');
  (isLong ? it : it.skip)('loses and doubles nothing while the broker is killed and comes back twenty times', async () => {
    const customer = shop.customer();
    const visit = customer.goShopping(2);
    let killed = 0;
    for (let time = 0; time < 20; time++) {
      await pause(Math.random() * 3_000);
      const { wasThere, bringBack } = await stopBroker(shop);
      if (wasThere) killed += 1;
      await pause(Math.random() * 1_500);
      await bringBack();
    }
    await moreOrders(customer, 10);
    await visit.stop();
    await expectExactBooks(shop, { lettersMayBeHandedOverAgain: true });
    proveFired(`the broker was there to be killed only ${killed} times`, killed === 20);
  }, 600_000);
});
