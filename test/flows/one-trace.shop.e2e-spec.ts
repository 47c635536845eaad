import * as registry from '@opentelemetry/semantic-conventions/incubating';
import { attribute } from '@nestbox/telemetry';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import type { CollectedSpan } from '../support/collector.js';
import type { BrokerKind } from '../support/brokers.js';
import { proveFired } from '../support/faults.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';
import { cutOff, orphans } from '../support/traces.js';

const conventional = new Set<unknown>(Object.values(registry));
const own = new Set<string>(Object.values(attribute));
const traceId = '0af7651916cd43dd8448eb211c80319c';
const CALLER_SPAN = 'b7ad6b7169203331';
const caller = `00-${traceId}-${CALLER_SPAN}-01`;

/** Until this is dropped, email cannot take the order in. */
const POISON = `CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no mail to %', (SELECT address FROM recipients WHERE order_id = NEW.order_id); END $$;
  CREATE TRIGGER poison BEFORE INSERT ON mails FOR EACH ROW EXECUTE FUNCTION poison()`;

/** What the broker is called: by the registry where that knows it. */
const systems: Readonly<Record<BrokerKind, string>> = { kafka: registry.MESSAGING_SYSTEM_NAME_VALUE_KAFKA, postgres: 'nestbox' };

describeInAShop('and the trace of an order', (theShop, broker) => {
  const place = async (shop: Shop) => {
    const customer = shop.customer(['mug-blue']);
    customer.headers = { traceparent: caller, 'x-correlation-id': 'basket-42' };
    return customer.order([{ sku: 'mug-blue', quantity: 1 }]);
  };
  /** The order's own trace, and the batches that it was a part of. */
  const collected = () => {
    const { spans } = theShop().collector;
    const linked = spans.filter(({ links }) => links.some((link) => link.traceId === traceId));
    return [...theShop().collector.ofTrace(traceId), ...linked.filter((span) => span.traceId !== traceId)];
  };

  it('is one, through the saga, a relay that dies, parking and redrive, and tells nobody who ordered', async () => {
    const shop = theShop();
    const run = async (command: string) => (await shop.shell(`npx nestbox ${command}`).ended).stdout;
    await shop.query('email', POISON);
    // What the process that is to die has collected by then is sent: nobody else knows of it.
    await run('outbox pause --app checkout --reason tested');
    const { orderId, email } = await place(shop);
    const story = () => run(`story ${orderId}`);
    expect(await story()).toMatch(/^ {2}checkout: outbox since \S+ \(.*\), OrderPlaced: paused by ada \(admin\): tested$/m);
    const dying = await shop.doom('checkout', 'beforeMark', 1);
    await dying.ready();
    await run('outbox resume --app checkout --reason tested');
    proveFired('the relay did not die', (await dying.ended).signal === 'SIGKILL');
    await dying.start();
    await eventually(async () => expect(await run('dead-letters list --app email')).toContain(orderId), { timeoutMs: 30_000 });
    expect(await story()).toMatch(/^ {2}email: parked since \S+ \(.*\), OrderPlaced for email\.confirm-order: letter email\/\d+; \d+ failed tries/m);
    await shop.query('email', 'DROP FUNCTION poison CASCADE');
    await run(`dead-letters redrive --key ${orderId} --app email --reason mended`);

    await eventually(() => expectWhole(collected()), { timeoutMs: 30_000, everyMs: 250 });
    expect(theShop().collector.bodies.filter((sent) => sent.includes(email) || sent.includes('no mail to'))).toEqual([]);
    const names = new Set(theShop().collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...names].filter((name) => !own.has(name))).toEqual([]);
    expect([...names].filter((name) => !name.startsWith('nestbox.') && !conventional.has(name))).toEqual([]);
    const named = theShop().collector.spans.flatMap(({ attributes }) => attributes[attribute.messagingSystem] ?? []);
    expect([...new Set(named)]).toEqual([systems[broker]]);
    await expectUnknown(shop, email, await story());

    await dying.ready();
    const told = await story();
    // Checkout's group waits for the session of the member that was killed to end, and the story says so.
    expect(told).toMatch(/Nothing of it waits anywhere\.|: joining the group$|; another member of the group has the partition$/m);
    expect(told).toMatch(/^saga fulfilment\.fulfil-order .*: completed/m);
    for (const message of ['OrderPlaced', 'StockReserved', 'CapturePayment', 'PaymentCaptured', 'ShipOrder', 'OrderShipped']) {
      expect(told).toMatch(new RegExp(`^[│├└─ ]*${message}  \\+`, 'm'));
    }
    await expectExactBooks(shop);
  }, 120_000);
});

/** The address is nowhere but where it belongs, although the fault that was met quoted it. */
async function expectUnknown(shop: Shop, email: string, story: string): Promise<void> {
  const letters = await shop.shell('npx nestbox dead-letters list --status any --json').ended;
  expect(letters.stdout).toContain('no mail to <address>');
  const told = [story, letters.stdout, shop.app('email').said()];
  for (const app of ['checkout', 'email', 'search']) told.push(await (await fetch(`${shop.app(app).url}/metrics`)).text());
  expect(told.filter((text) => text.includes(email))).toEqual([]);
}

function expectWhole(spans: readonly CollectedSpan[]): void {
  const has = (service: string, name: string | RegExp) =>
    spans.some((span) => span.service === service && (typeof name === 'string' ? span.name === name : name.test(span.name)));
  expect(HOPS.filter(([service, name]) => !has(service, name)).map((hop) => hop.join(': '))).toEqual([]);
  expect(cutOff(spans)).toEqual([]);
  // Known by name: the caller's own span, and what the relay had not sent when it died.
  const parentless = orphans(spans).filter(({ parentSpanId, service }) => parentSpanId !== CALLER_SPAN && service !== 'checkout');
  expect(parentless.map(({ service, name }) => `${service}: ${name}`)).toEqual([]);
}

const HOPS: readonly (readonly [service: string, name: string | RegExp])[] = [
  ['checkout', 'POST /orders'],
  ['checkout', 'create checkout.orders'],
  ['checkout', /^INSERT nestbox\.outbox/],
  ['checkout', 'send checkout.orders'],
  ['inventory', 'process checkout.orders'],
  ['inventory', 'create inventory.reservations'],
  ['inventory', 'send inventory.reservations'],
  ['fulfilment', 'saga fulfilment.fulfil-order'],
  ['fulfilment', 'create payments.commands'],
  ['payments', 'process payments.commands'],
  ['payments', 'charge'],
  ['payments', 'create payments.payments'],
  ['shipping', 'process shipping.commands'],
  ['shipping', 'create shipping.shipments'],
  ['search', 'process checkout.orders'],
  ['analytics', 'process checkout.orders'],
  ['email', 'process checkout.orders'],
  ['email', 'park checkout.orders'],
  ['email', 'redrive checkout.orders'],
  ['email', 'send mail'],
];
