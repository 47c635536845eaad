import fc from 'fast-check';
import { isUuid, uuid7 } from './uuid.js';

const timeOf = (id: string) => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
const expectAscending = (ids: readonly string[]) => {
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
};

describe('a uuid of version 7', () => {
  it('says its version and its variant', () => {
    for (let n = 0; n < 200; n++) expect(uuid7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('begins with the millisecond in which it was made', () => {
    const before = Date.now();
    const time = timeOf(uuid7());
    // A little more is allowed: a full counter borrows from the next millisecond.
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now() + 10);
  });

  it('ascends within one millisecond, and beyond what its counter can hold', () => {
    const now = Date.now() + 1_000;
    expectAscending(Array.from({ length: 10_000 }, () => uuid7(now)));
  });

  it('ascends whatever the clock does', () => {
    const steps = fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(steps, (steps) => {
        let now = Date.now();
        expectAscending(steps.map((step) => uuid7((now += step))));
      }),
    );
  });

  it('cannot be guessed from the one before: 62 bits are random', () => {
    const tails = Array.from({ length: 2_000 }, () => uuid7().slice(20));
    expect(new Set(tails).size).toBe(tails.length);
    expect(new Set(tails.map((tail) => tail[4])).size).toBe(16);
  });
});

describe('isUuid', () => {
  it('knows what is one, in capitals too, of any version', () => {
    fc.assert(fc.property(fc.uuid(), (id) => isUuid(id) && isUuid(id.toUpperCase())));
    expect(isUuid(uuid7())).toBe(true);
  });

  it.each([undefined, null, 7, '', 'order-1', '0191e7a05c3b7c4e9d2a8f1b6c7d8e9f', '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9', ` ${uuid7()}`, `${uuid7()}\n`, `{${uuid7()}}`])(
    'knows that %j is none',
    (text) => expect(isUuid(text)).toBe(false),
  );
});
