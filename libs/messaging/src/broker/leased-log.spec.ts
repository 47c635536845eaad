import fc from 'fast-check';
import { assign } from './leased-log.js';

const orders = 'checkout.orders';
const reservations = 'inventory.reservations';
const places = [orders, reservations].flatMap((topic) => [0, 1, 2, 3, 4, 5].map((partition) => ({ topic, partition })));

describe('The assignment of partitions', () => {
  it('gives every partition to one member that reads its topic, in even shares, whatever order the rows come in', () => {
    const members = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 15 });
    fc.assert(fc.property(members, fc.shuffledSubarray(places, { minLength: places.length }), (ids, shuffled) => {
      const readers = ids.map((id) => ({ id, topics: [orders, reservations] }));
      const owned = assign(readers, places);
      expect(assign([...readers].reverse(), shuffled)).toEqual(owned);
      const shares = [...owned.values()].map(({ length }) => length);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      expect(new Set([...owned.values()].flat()).size).toBe(places.length);
    }));
  });

  it('leaves a topic to those who read it while a rolling deployment adds it', () => {
    const owned = assign([{ id: 'old', topics: [orders] }, { id: 'new', topics: [orders, reservations] }], places);
    expect(owned.get('old')!.every(({ topic }) => topic === orders)).toBe(true);
    expect([...owned.values()].flat()).toHaveLength(places.length);
  });

  it('gives a topic that nobody reads to nobody', () => {
    expect(assign([{ id: 'email', topics: [orders] }], places).get('email')).toHaveLength(6);
  });
});
