import type { Envelope } from '@nestbox/kernel';
import { expectExactBooks } from '../support/books.js';
import type { Customer } from '../support/customer.js';
import { proveFired } from '../support/faults.js';
import { readWithForeignClient, writeWithConsole } from '../support/kafka-tools.js';
import type { PrintedRecord } from '../support/kafka-tools.js';
import { shelf } from '../support/shelf.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';
import { everythingOn, repeats } from '../support/topics.js';

describeInAShop('as clients that are not ours see it', (theShop) => {
  let shop: Shop;
  let customer: Customer;
  /** Of this customer's orders. */
  let records: PrintedRecord[];

  // Once per shop: after a test that failed there is another.
  beforeEach(async () => {
    if (shop === theShop()) return;
    shop = theShop();
    customer = shop.customer(['mug-blue', 'teapot', 'tea-green']);
    for (let n = 0; n < 16; n++) await customer.errand(n);
    await expectExactBooks(shop);
    const { length } = await everythingOn(await shop.broker(), ['checkout.orders']);
    const all = await readWithForeignClient(shop.kafka!.brokers, 'checkout.orders', length);
    records = all.filter(({ key }) => isTheirs(key));
  }, 240_000);

  const isTheirs = (key: string) => customer.purchases.some(({ orderId }) => orderId === key);
  const envelopeOf = ({ value }: PrintedRecord) => JSON.parse(value) as Envelope<{ orderId: string; totalCents: number }>;

  it('holds one record per event, keyed by the order, with the documented envelope as its value', () => {
    const placed = records.map(envelopeOf).filter(({ eventType }) => eventType === 'OrderPlaced');
    expect(placed.map(({ eventId }) => eventId).sort()).toEqual(customer.purchases.map(({ eventId }) => eventId).sort());
    for (const record of records) {
      expect(record.key).toBe(envelopeOf(record).data.orderId);
      expect(envelopeOf(record)).toEqual({
        eventId: expect.any(String),
        eventType: expect.stringMatching(/^Order(Placed|CancellationRequested|Cancelled)$/),
        eventVersion: 1,
        occurredAt: expect.any(String),
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        correlationId: expect.any(String),
        causationId: expect.any(String),
        producer: 'checkout',
        aggregateVersion: expect.any(Number),
        data: expect.objectContaining({ orderId: record.key }),
      });
    }
  });

  it('tells in CloudEvents headers and traceparent what the envelope tells', () => {
    for (const record of records) {
      const { eventId, eventType, occurredAt, traceId } = envelopeOf(record);
      expect(record.headers).toEqual({
        'content-type': 'application/json',
        traceparent: expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-0[01]$`)),
        ce_specversion: '1.0',
        ce_id: eventId,
        ce_type: `checkout.${eventType}.v1`,
        ce_source: '/checkout',
        ce_subject: record.key,
        ce_time: occurredAt,
        'nestbox-subject-key': expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    }
  });

  it('holds the other topics too, each with its own keys', async () => {
    const products = await readWithForeignClient(shop.kafka!.brokers, 'inventory.products', shelf.length);
    expect(products.map(({ key }) => key).sort()).toEqual(shelf.map(({ sku }) => sku).sort());
    expect(new Set(products.map(({ headers }) => headers.ce_type))).toEqual(new Set(['inventory.ProductListed.v1']));
  });

  it('puts a key where Java puts it, and does nothing twice when every record is written again by hand', async () => {
    await writeWithConsole(shop.kafka!.brokers, 'checkout.orders', records);
    await expectExactBooks(shop);

    const everything = await everythingOn(await shop.broker(), ['checkout.orders']);
    const told = everything.filter(({ record }) => isTheirs(String(record.key)));
    proveFired('the duplicates never reached the topic', repeats(told) === records.length);
    const partitions = new Map<string, Set<number>>();
    for (const { record } of told) {
      const key = String(record.key);
      partitions.set(key, (partitions.get(key) ?? new Set()).add(record.partition));
    }
    expect([...partitions.values()].filter(({ size }) => size > 1)).toEqual([]);
    expect(new Set(told.map(({ record }) => record.partition)).size).toBeGreaterThan(3);
  }, 120_000);
});
