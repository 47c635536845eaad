import { Reservation } from './reservation.js';

const orderId = '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f';
const lines = [{ sku: 'mug-blue', quantity: 2 }];
const reserve = (available: number) => ({ type: 'Reserve', lines, available: new Map([['mug-blue', available]]) }) as const;
const told = (reservation: Reservation) => reservation.pendingEvents().map(({ contract, data }) => [contract.type, data]);

describe('the reservation of an order', () => {
  it('tells everyone what was set aside and what was given back', () => {
    const reservation = Reservation.of(orderId);
    reservation.carryOut(reserve(5));
    reservation.carryOut({ type: 'Release', reason: 'customer' });
    expect(told(reservation)).toEqual([
      ['StockReserved', { orderId, lines }],
      ['StockReleased', { orderId, lines }],
    ]);
    expect(reservation).toMatchObject({ status: 'released', version: 2 });
  });

  it('tells everyone what was missing', () => {
    const reservation = Reservation.of(orderId);
    reservation.carryOut(reserve(1));
    expect(told(reservation)).toEqual([
      ['StockRejected', { orderId, shortages: [{ sku: 'mug-blue', requested: 2, available: 1 }] }],
    ]);
  });

  it('says that it was forgone', () => {
    const reservation = Reservation.of(orderId);
    reservation.carryOut({ type: 'Release', reason: 'customer' });
    expect(told(reservation)).toEqual([['StockForgone', { orderId, reason: 'customer' }]]);
    expect(reservation.status).toBe('forgone');
  });
});
