import * as registry from '@opentelemetry/semantic-conventions/incubating';
import { attribute } from '@nestbox/telemetry';
import { eventually } from '@nestbox/eventing/testing';
import { describeOnEachBroker } from '../support/brokers.js';
import { Collector } from '../support/collector.js';
import type { CollectedSpan } from '../support/collector.js';
import { proveFired } from '../support/faults.js';
import { Shop } from '../support/shop.js';
import { cutOff, orphans } from '../support/traces.js';

const conventional = new Set<unknown>(Object.values(registry));
const own = new Set<string>(Object.values(attribute));
const traceId = '0af7651916cd43dd8448eb211c80319c';
const caller = `00-${traceId}-b7ad6b7169203331-01`;

/** Until this is dropped, email cannot take the order in. */
const POISON = `CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the table is full'; END $$;
  CREATE TRIGGER poison BEFORE INSERT ON mails FOR EACH ROW EXECUTE FUNCTION poison()`;

describeOnEachBroker('The trace of an order', (broker) => {
  let shop: Shop;
  let collector: Collector;

  beforeAll(async () => {
    collector = await Collector.start();
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100' };
    shop = await Shop.start({ broker, settings });
  }, 120_000);
  afterAll(async () => {
    await shop?.stop();
    await collector?.stop();
  });

  const place = async () => {
    const order = { userId: 'ada', email: 'ada.lovelace@example.com', lines: [{ sku: 'mug-blue', quantity: 1 }] };
    const headers = { traceparent: caller, 'x-correlation-id': 'basket-42' };
    return (await shop.app('checkout').send<{ orderId: string }>('POST', '/orders', order, headers)).body.orderId;
  };
  /** What the process that is to die has collected by then is sent: nobody else knows of it. */
  const placeUnpublished = async () => {
    await shop.shell('npx nestbox outbox pause --app checkout --reason tested').ended;
    return place();
  };
  /** The order's own trace, and the batches that it was a part of. */
  const collected = () => {
    const linked = collector.spans.filter(({ links }) => links.some((link) => link.traceId === traceId));
    return [...collector.ofTrace(traceId), ...linked.filter((span) => span.traceId !== traceId)];
  };
  const has = (spans: readonly CollectedSpan[], service: string, name: string | RegExp) =>
    spans.some((span) => span.service === service && (typeof name === 'string' ? span.name === name : name.test(span.name)));

  it('is one, through the saga, a relay that dies, parking and redrive, and tells nobody who ordered', async () => {
    await shop.query('email', POISON);
    const orderId = await placeUnpublished();
    const story = async () => (await shop.shell(`npx nestbox story ${orderId}`).ended).stdout;
    expect(await story()).toMatch(/^  checkout: outbox since \S+ \(.*\), OrderPlaced: paused by ada \(admin\): tested$/m);
    const dying = await shop.doom('checkout', 'beforeMark', 1);
    await shop.shell('npx nestbox outbox resume --app checkout --reason tested').ended;
    proveFired('the relay did not die', (await dying.ended).signal === 'SIGKILL');
    await dying.start();
    await eventually(
      async () => expect((await shop.shell('npx nestbox dead-letters list --app email').ended).stdout).toContain(orderId),
      { timeoutMs: 30_000 },
    );
    expect(await story()).toMatch(/^  email: (parked|retry) since \S+ \(.*\), OrderPlaced for email\.confirm-order: letter email\/\d+; \d+ failed tries/m);
    await shop.query('email', 'DROP FUNCTION poison CASCADE');
    const redrive = `npx nestbox dead-letters redrive --key ${orderId} --app email --reason mended`;
    expect(await shop.shell(redrive).ended).toMatchObject({ code: 0 });

    await eventually(
      () => {
        const spans = collected();
        const missing = HOPS.filter(([service, name]) => !has(spans, service, name)).map((hop) => hop.join(': '));
        expect(missing).toEqual([]);
        expect(cutOff(spans)).toEqual([]);
        // The caller's own span, and what the relay had not sent when it died.
        const known = orphans(spans).filter(({ parentSpanId, service }) => parentSpanId !== 'b7ad6b7169203331' && service !== 'checkout');
        expect(known.map(({ service, name }) => `${service}: ${name}`)).toEqual([]);
      },
      { timeoutMs: 30_000, everyMs: 250 },
    );
    const told = await story();
    for (const message of ['OrderPlaced', 'StockReserved', 'CapturePayment', 'PaymentCaptured', 'ShipOrder', 'OrderShipped']) {
      expect(told).toMatch(new RegExp(`^[│├└─ ]*${message}  \\+`, 'm'));
    }
    // The group of the process that was killed waits for its session to end before it reads on.
    expect(told).toMatch(/Nothing of it waits anywhere\. fulfilment\.fulfil-order completed\.|: joining the group$|; another member of the group has the partition$/m);
    expect(told).toMatch(/^saga fulfilment\.fulfil-order .*: completed/m);
    const names = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...names].filter((name) => !own.has(name))).toEqual([]);
    expect([...names].filter((name) => !name.startsWith('nestbox.') && !conventional.has(name))).toEqual([]);
    expect(collector.bodies.filter((body) => body.includes('lovelace') || body.includes('the table is full'))).toEqual([]);
  }, 120_000);

  it('begins anew where the caller sends no well-formed traceparent', async () => {
    const { headers } = await shop.app('inventory').send('PUT', '/products/tea-black', { name: 'Black tea', priceCents: 500, onHand: 1 }, { traceparent: `${caller}-x` });
    expect(headers.get('x-correlation-id')).toBeTruthy();
    await eventually(() => expect(collector.spans.some(({ name }) => name === 'PUT /products/:sku')).toBe(true));
    expect(collector.ofTrace(traceId).some(({ name }) => name === 'PUT /products/:sku')).toBe(false);
  });
});

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
