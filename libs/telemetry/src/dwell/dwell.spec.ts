import type { BrokerRecord } from '../../../messaging/src/broker/broker.js';
import { Arrivals, dwellOf } from './dwell.js';

const T = Date.parse('2026-11-23T12:00:00Z');

/** Written at `written` ms, published at `published` ms after noon. */
function record(written: number, published: number): BrokerRecord {
  const headers = { ce_time: new Date(T + written).toISOString() };
  return { topic: 'checkout.orders', partition: 0, offset: '7', key: null, value: null, headers, timestamp: T + published };
}

describe('how long a message was kept from its handler', () => {
  it('is the outbox while no relay published it', () => {
    const arrivals = new Arrivals();
    const arrival = arrivals.offered('orders[0]', '7', T + 60_010);
    expect(dwellOf(record(0, 60_000), arrival, T + 60_012)).toEqual({ outbox: 60, broker: 0.01, queue: 0.002 });
  });

  it('is the queue of the consumer while that was busy with what came before', () => {
    const arrivals = new Arrivals();
    arrivals.offered('orders[0]', '0', T);
    arrivals.done('orders[0]', T + 30_000);
    const arrival = arrivals.offered('orders[0]', '7', T + 30_001);
    expect(dwellOf(record(990, 1_000), arrival, T + 30_001)).toEqual({ outbox: 0.01, broker: 0.001, queue: 29 });
  });

  it('is the queue of the consumer while the same batch is offered again and again', () => {
    const arrivals = new Arrivals();
    arrivals.offered('orders[0]', '7', T + 5);
    const arrival = arrivals.offered('orders[0]', '7', T + 9_000);
    expect(dwellOf(record(0, 0), arrival, T + 9_005)).toEqual({ outbox: 0, broker: 0.005, queue: 9 });
  });

  it('is the broker while nobody read it, and the queue from then on', () => {
    const arrivals = new Arrivals();
    arrivals.offered('orders[0]', '0', T + 10_000);
    arrivals.done('orders[0]', T + 12_000);
    const arrival = arrivals.offered('orders[0]', '7', T + 12_000);
    expect(dwellOf(record(0, 0), arrival, T + 12_000)).toEqual({ outbox: 0, broker: 10, queue: 2 });
  });

  it('is never less than nothing, whatever the clocks say', () => {
    const arrival = new Arrivals().offered('orders[0]', '7', T);
    expect(dwellOf(record(9_000, 5_000), arrival, T)).toEqual({ outbox: 0, broker: 0, queue: 0 });
  });

  it('has no outbox where the producer does not say when it was written', () => {
    const arrival = new Arrivals().offered('orders[0]', '7', T);
    expect(dwellOf({ ...record(0, 0), headers: {} }, arrival, T).outbox).toBeUndefined();
  });
});
