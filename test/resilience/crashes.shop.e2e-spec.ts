import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import { handledBeyondOffset, moreOrders, proveFired } from '../support/faults.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';
import type { Ended } from '../support/tools.js';
import { everythingOn, repeats } from '../support/topics.js';

describeInAShop('whose processes are killed', (theShop) => {
  let shop: Shop;
  beforeEach(() => {
    shop = theShop();
  });

  it('says everything, and does nothing twice, when the relay dies between acknowledgement and mark', async () => {
    const repeatedBefore = repeats(await everythingOn(await shop.broker(), ['checkout.orders']));
    const checkout = await shop.doom('checkout', 'beforeMark', 12);
    await checkout.ready();
    const customer = shop.customer();
    const visit = customer.goShopping(3);

    const { signal } = await checkout.ended;
    await checkout.start();
    await checkout.ready();
    await moreOrders(customer, 10);
    await visit.stop();
    await expectExactBooks(shop);

    const told = await everythingOn(await shop.broker(), ['checkout.orders']);
    proveFired('the relay was not killed between acknowledgement and mark', signal === 'SIGKILL');
    proveFired('no event was published a second time', repeats(told) > repeatedBefore);
  }, 240_000);

  it('does nothing twice when consumers die between their transactions and their offset', async () => {
    const doomed = ['inventory', 'email', 'analytics', 'search'];
    await Promise.all(doomed.map((name) => shop.doom(name, 'beforeOffset', 8)));
    await Promise.all(doomed.map((name) => shop.app(name).ready()));
    const customer = shop.customer();
    const visit = customer.goShopping(3);

    const ends = await Promise.all(doomed.map((name) => shop.app(name).ended));
    const handled = await handledBeyondOffset(shop, doomed);
    await Promise.all(doomed.map((name) => shop.app(name).start()));
    await Promise.all(doomed.map((name) => shop.app(name).ready()));
    await moreOrders(customer, 10);
    await visit.stop();
    await expectExactBooks(shop, { lettersMayBeHandedOverAgain: true });

    proveFired(`a consumer was not killed: ${JSON.stringify(ends)}`, ends.every(({ signal }) => signal === 'SIGKILL'));
    proveFired(`a consumer had no offset to catch up with: ${handled.join()}`, handled.every((count) => count > 0));
  }, 240_000);

  it('loses and does nothing twice when a process dies at any step of parking and of redrive', async () => {
    const customer = shop.customer();
    const ends: Ended[] = [];
    const email = shop.app('email');
    const [{ last }] = await shop.query<{ last: string }>('email', 'SELECT coalesce(max(id), 0) AS last FROM nestbox.dead_letters');
    const letters = () => shop.query<{ status: string }>('email', 'SELECT status FROM nestbox.dead_letters WHERE id > $1', [last]);
    const redrive = () =>
      shop.shell(`npx nestbox dead-letters redrive --app email --handler email.confirm-order --reason 'mails are taken again'`).ended;
    // What the handler of confirmations gets in this time is parked.
    await shop.query('email', `ALTER TABLE mails ADD CONSTRAINT no_mails CHECK (kind <> 'confirmation') NOT VALID`);
    await shop.doom('email', 'beforeParked', 1);
    await email.ready();
    await customer.order([{ sku: 'mug-blue', quantity: 1 }]);
    ends.push(await email.ended);
    // The same event again, before anything else.
    await shop.doom('email', 'afterParked', 1);
    ends.push(await email.ended);

    await shop.doom('email', 'beforeRedriven', 1);
    await email.ready();
    await customer.order([{ sku: 'mug-blue', quantity: 1 }]);
    await eventually(async () => expect((await letters()).filter(({ status }) => status === 'parked')).toHaveLength(2), { timeoutMs: 60_000 });
    await shop.query('email', 'ALTER TABLE mails DROP CONSTRAINT no_mails');
    await redrive();
    ends.push(await email.ended);
    await shop.doom('email', 'afterRedriven', 1);
    await email.ready();
    await redrive();
    ends.push(await email.ended);
    await email.start();
    await email.ready();
    await redrive();
    await expectExactBooks(shop);

    expect((await letters()).map(({ status }) => status)).toEqual(['redriven', 'redriven']);
    proveFired(`a process was not killed: ${JSON.stringify(ends)}`, ends.every(({ signal }) => signal === 'SIGKILL'));
  }, 240_000);
});
