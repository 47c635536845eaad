import { randomBytes, randomUUID } from 'node:crypto';
import { decryptFields, encryptFields } from './encrypt-fields.js';

const key = { id: randomUUID(), secret: randomBytes(32) };
const personal = { fields: { userId: 'forgotten', address: { city: '' } } };
const order = { orderId: 'order-1', userId: 'ada', address: { city: 'London' }, totalCents: 2500 };

describe('encrypted fields', () => {
  const encrypted = encryptFields(order, personal, key, 'event-1');

  it('say nothing of what was in them, and leave the others alone', () => {
    expect(JSON.stringify(encrypted)).not.toMatch(/ada|London/);
    expect(encrypted).toMatchObject({ orderId: 'order-1', totalCents: 2500 });
  });

  it('are as they were for whoever has the key', () => {
    expect(decryptFields(encrypted, key.secret, 'event-1')).toEqual(order);
  });

  it('are what the contract says once the key is gone', () => {
    expect(decryptFields(encrypted, undefined, 'event-1')).toEqual({ ...order, ...personal.fields });
  });

  it('cannot be opened with another key, moved to another event or another field, or changed', () => {
    expect(() => decryptFields(encrypted, randomBytes(32), 'event-1')).toThrow();
    expect(() => decryptFields(encrypted, key.secret, 'event-2')).toThrow();
    expect(() => decryptFields({ ...encrypted, address: encrypted.userId }, key.secret, 'event-1')).toThrow();
    const bent = String(encrypted.userId).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect(() => decryptFields({ ...encrypted, userId: bent }, key.secret, 'event-1')).toThrow();
  });

  it('leave out what is not there, and read data in which nothing is encrypted as it is', () => {
    expect(encryptFields({ orderId: 'order-1' }, personal, key, 'event-1')).toEqual({ orderId: 'order-1' });
    expect(decryptFields(order, key.secret, 'event-1')).toEqual(order);
  });
});
