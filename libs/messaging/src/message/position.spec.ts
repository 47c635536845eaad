import { uuid7 } from '@nestbox/kernel';
import { parsePrefer } from '../../../projections/src/reading/prefer.js';
import { formatPosition, MOST_IN_POSITION, parsePosition } from './position.js';

const orders = (count: number) => Array.from({ length: count }, () => ({ eventType: 'OrderPlaced', eventId: uuid7() }));

describe('a position', () => {
  it('comes back out of its header as it went in', () => {
    const position = [...orders(2), { eventId: uuid7() }];
    expect(parsePosition(formatPosition(position)!)).toEqual(position);
  });

  it('names all events of a write or none: a part of them would be waited for too short', () => {
    expect(formatPosition(orders(MOST_IN_POSITION))).toBeDefined();
    expect(formatPosition(orders(MOST_IN_POSITION + 1))).toBeUndefined();
    expect(formatPosition([])).toBeUndefined();
  });

  it.each(['', 'OrderPlaced', 'order-1', `${uuid7()},`, `Order Placed:${uuid7()}`, `${uuid7()};${uuid7()}`])('is not read out of "%s"', (text) => {
    expect(parsePosition(text)).toBeUndefined();
  });

  it('is not read out of more ids than one write can name', () => {
    expect(parsePosition(Array.from({ length: MOST_IN_POSITION + 1 }, () => uuid7()).join(','))).toBeUndefined();
  });
});

describe('Prefer', () => {
  it.each([
    ['wait=2', { waitMs: 2_000, respondAsync: false }],
    ['respond-async, wait=0.25', { waitMs: 250, respondAsync: true }],
    ['Wait="3"; foo=bar', { waitMs: 3_000, respondAsync: false }],
    ['wait=soon, return=minimal', { waitMs: undefined, respondAsync: false }],
    [undefined, { waitMs: undefined, respondAsync: false }],
  ])('%s is read as %p', (header, preference) => {
    expect(parsePrefer(header)).toEqual(preference);
  });
});
