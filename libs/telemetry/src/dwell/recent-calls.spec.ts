import type { BrokerRecord } from '@nestbox/messaging';
import { RecentCalls } from './dwell-histogram.js';

const T = Date.parse('2026-11-23T12:00:00Z');
/** A partition without pauses: one batch was done at noon, the next arrived a second later. */
const arrival = { takenAt: T + 1_000, freeAt: T, since: T - 60_000 };

function record(offset: number, publishedAt: number): BrokerRecord {
  return { topic: 'checkout.orders', partition: 2, offset: String(offset), key: null, value: null, headers: {}, timestamp: publishedAt };
}

describe('the last calls of a handler', () => {
  it('tell of each message of a batch where it was kept', () => {
    const calls = new RecentCalls();
    const batch = [record(97, T - 5_000), record(99, T + 200), record(101, T + 900)];
    calls.note('search.orders', batch.map((one) => ({ record: one, arrival })), T + 1_020, T + 1_050);
    expect(batch.map((one) => calls.stayOf('search.orders', one))).toEqual([
      { brokerMs: 1_000, queueMs: 5_020, handlerMs: 30 },
      { brokerMs: 800, queueMs: 20, handlerMs: 30 },
      { brokerMs: 100, queueMs: 20, handlerMs: 30 },
    ]);
  });

  it('know nothing of what another handler, another process or another partition has had', () => {
    const calls = new RecentCalls();
    calls.note('search.orders', [{ record: record(7, T), arrival }], T, T);
    expect(calls.stayOf('email.confirm-order', record(7, T))).toBeUndefined();
    expect(calls.stayOf('search.orders', record(8, T))).toBeUndefined();
    expect(calls.stayOf('search.orders', { ...record(7, T), partition: 3 })).toBeUndefined();
  });

  it('are forgotten when there have been enough others', () => {
    const calls = new RecentCalls();
    for (let offset = 0; offset < 2_001; offset++) calls.note('search.orders', [{ record: record(offset, T), arrival }], T, T);
    expect(calls.stayOf('search.orders', record(0, T))).toBeUndefined();
    expect(calls.stayOf('search.orders', record(1, T))).toBeDefined();
  });
});
