import { randomBytes, randomUUID } from 'node:crypto';
import { revealFields, sealFields } from './sealing.js';

const key = { id: randomUUID(), secret: randomBytes(32) };
const personal = { fields: { userId: 'forgotten', address: { city: '' } } };
const order = { orderId: 'order-1', userId: 'ada', address: { city: 'London' }, totalCents: 2500 };

describe('sealed fields', () => {
  const sealed = sealFields(order, personal, key, 'event-1');

  it('say nothing of what was in them, and leave the others alone', () => {
    expect(JSON.stringify(sealed)).not.toMatch(/ada|London/);
    expect(sealed).toMatchObject({ orderId: 'order-1', totalCents: 2500 });
  });

  it('are as they were for whoever has the key', () => {
    expect(revealFields(sealed, key.secret, 'event-1')).toEqual(order);
  });

  it('are what the contract says once the key is gone', () => {
    expect(revealFields(sealed, undefined, 'event-1')).toEqual({ ...order, ...personal.fields });
  });

  it('cannot be opened with another key, moved to another event or another field, or changed', () => {
    expect(() => revealFields(sealed, randomBytes(32), 'event-1')).toThrow();
    expect(() => revealFields(sealed, key.secret, 'event-2')).toThrow();
    expect(() => revealFields({ ...sealed, address: sealed.userId }, key.secret, 'event-1')).toThrow();
    const bent = String(sealed.userId).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect(() => revealFields({ ...sealed, userId: bent }, key.secret, 'event-1')).toThrow();
  });

  it('leave out what is not there, and read data in which nothing is sealed as it is', () => {
    expect(sealFields({ orderId: 'order-1' }, personal, key, 'event-1')).toEqual({ orderId: 'order-1' });
    expect(revealFields(order, key.secret, 'event-1')).toEqual(order);
  });
});
