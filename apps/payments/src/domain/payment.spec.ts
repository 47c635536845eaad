import { Payment } from './payment.js';

const told = (payment: Payment) => payment.pendingEvents().map(({ contract, data }) => [contract.type, (data as { amountCents: number }).amountCents]);
const requested = ({ attempts }: { attempts: number }) => {
  const payment = Payment.of('0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f');
  payment.request(2500, 'card-visa-4242');
  return Object.assign(payment, { attempts });
};

describe('a payment', () => {
  it('is captured once', () => {
    const payment = requested({ attempts: 1 });
    expect([payment.charged(), payment.charged()]).toEqual([true, false]);
    expect(told(payment)).toEqual([['PaymentCaptured', 2500]]);
  });

  it('is never asked for when it was to be given back before', () => {
    const payment = Payment.of('0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f');
    payment.giveBack();
    expect(payment.request(2500, 'card-visa-4242')).toBe(false);
    expect(told(payment)).toEqual([['PaymentRefunded', 0]]);
  });

  it('is dropped when nobody has asked the provider yet', () => {
    const payment = requested({ attempts: 0 });
    payment.giveBack();
    expect(payment.charged()).toBe(false);
    expect(told(payment)).toEqual([['PaymentRefunded', 0]]);
  });

  it('is given back after all when the provider charges after a refund was wanted', () => {
    const payment = requested({ attempts: 1 });
    payment.giveBack();
    expect(told(payment)).toEqual([]);
    payment.charged();
    expect(payment.status).toBe('refunding');
    payment.refunded();
    expect(told(payment)).toEqual([['PaymentCaptured', 2500], ['PaymentRefunded', 2500]]);
  });

  it('needs no refund when the provider declines after one was wanted', () => {
    const payment = requested({ attempts: 1 });
    payment.giveBack();
    payment.declined('card_declined');
    expect(told(payment)).toEqual([['PaymentDeclined', 2500]]);
  });

  it('is given back once', () => {
    const payment = requested({ attempts: 1 });
    payment.charged();
    expect([payment.giveBack(), payment.giveBack(), payment.refunded(), payment.refunded()]).toEqual([true, false, true, false]);
    expect(told(payment)).toEqual([['PaymentCaptured', 2500], ['PaymentRefunded', 2500]]);
  });
});
