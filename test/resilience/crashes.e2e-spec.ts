import { expectExactBooks } from '../support/books.js';
import { describeOnEachBroker } from '../support/brokers.js';
import { handledBeyondOffset, moreOrders, proveFired } from '../support/faults.js';
import { Shop } from '../support/shop.js';
import { everythingOn, repeats } from '../support/topics.js';

describeOnEachBroker('A shop whose processes are killed', (broker) => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.start({ broker });
  }, 180_000);
  afterAll(() => shop?.stop());

  it('says everything, and does nothing twice, when the relay dies between acknowledgement and mark', async () => {
    const checkout = await shop.doom('checkout', 'beforeMark', 12);
    const customer = shop.customer();
    const visit = customer.goShopping(10);

    const { signal } = await checkout.ended;
    await checkout.start();
    await checkout.ready();
    await moreOrders(customer, 20);
    await visit.stop();
    await expectExactBooks(shop);

    const told = await everythingOn(await shop.broker(), ['checkout.orders']);
    proveFired('the relay was not killed between acknowledgement and mark', signal === 'SIGKILL');
    proveFired('no event was published a second time', repeats(told) > 0);
  }, 240_000);

  it('does nothing twice when consumers die between their transactions and their offset', async () => {
    const doomed = ['inventory', 'email', 'analytics', 'search'];
    await Promise.all(doomed.map((name) => shop.doom(name, 'beforeOffset', 8)));
    const customer = shop.customer();
    const visit = customer.goShopping(10);

    const ends = await Promise.all(doomed.map((name) => shop.app(name).ended));
    const handled = await Promise.all(doomed.map((name) => handledBeyondOffset(shop, name)));
    await Promise.all(doomed.map((name) => shop.app(name).start()));
    await Promise.all(doomed.map((name) => shop.app(name).ready()));
    await moreOrders(customer, 20);
    await visit.stop();
    await expectExactBooks(shop, { lettersMayBeHandedOverAgain: true });

    proveFired(`a consumer was not killed: ${JSON.stringify(ends)}`, ends.every(({ signal }) => signal === 'SIGKILL'));
    proveFired(`a consumer had no offset to catch up with: ${handled.join()}`, handled.every((count) => count > 0));
  }, 240_000);
});
