import type { BrokerRecord } from '../broker/broker.js';
import { decode, keyOf } from './decode.js';

const eventId = '0191E7A0-5C3B-7C4E-9D2A-8F1B6C7D8E9F';

function record(key: Buffer): BrokerRecord {
  const value = Buffer.from(JSON.stringify({ eventId, eventType: 'OrderPlaced', eventVersion: 1, data: {} }));
  return { topic: 'checkout.orders', partition: 0, offset: '0', key, value, headers: {}, timestamp: 0 };
}

describe('an event as it is read', () => {
  it('has the id in the one spelling that the inbox knows', () => {
    expect(decode(record(Buffer.from('order-1'))).eventId).toBe(eventId.toLowerCase());
  });

  it.each([
    ['an empty one', Buffer.alloc(0)],
    ['a NUL in it', Buffer.from('order\0')],
    ['bytes that are no UTF-8', Buffer.from([0x6f, 0xff])],
    ['more than 512 bytes', Buffer.alloc(513, 'x')],
  ])('has no key that a table could not keep: %s', (_why, key) => {
    expect(keyOf(record(key))).toBeUndefined();
  });

  it('has the key that it was written with, even one that looks like the mark of broken text', () => {
    expect(keyOf(record(Buffer.from('order-\uFFFD')))).toBe('order-\uFFFD');
  });
});
