import type { Type } from '@nestjs/common';
import { OrderPlaced } from '@nestbox/contracts';
import { builder, expectationsOf, simulate, unmetBy } from '@nestbox/eventing/testing';
import { readBaselines } from '@nestbox/schema';
import { Order } from '../../apps/checkout/src/domain/order.js';
import { loadApps, releasesFolder } from '../support/house.js';
import { producers } from './producers.js';

const released = new Map(
  [...readBaselines(releasesFolder).releases].map(([contract, releases]) => [contract, releases.flatMap(({ examples }) => examples)]),
);

describe('consumers and producers, without anything between them', () => {
  let apps: Type[];

  beforeAll(async () => {
    apps = (await loadApps()).flatMap(({ exports }) => Object.values(exports) as Type[]);
  });

  it('what each handler and saga counts on, its producer’s own code comes to', () => {
    const expectations = expectationsOf(...apps);
    expect(expectations.length).toBeGreaterThanOrEqual(35);
    expect(unmetBy(producers, expectations)).toEqual([]);
  });

  it('a producer that leaves the address out is told of by email', () => {
    const forgetful = builder(OrderPlaced, ({ lines, placedAt, ...order }) => {
      const prices = new Map(lines.map(({ sku, unitPriceCents }) => [sku, unitPriceCents]));
      return Order.place({ ...order, email: 'somebody@example.com', lines, prices, now: new Date(placedAt) });
    });
    const faults = unmetBy([forgetful, ...producers], expectationsOf(...apps));
    expect(faults).toContainEqual(expect.stringMatching(/^email\.confirm-order, example 1 of checkout\.OrderPlaced\.v1: "email" is/));
  });

  it('every handler takes every example of every release', async () => {
    const rehearsed = await simulate(apps, { also: released });
    expect(new Set(rehearsed.map(({ handler }) => handler)).size).toBeGreaterThanOrEqual(17);
    expect(rehearsed.filter(({ calls }) => calls.length === 0)).toEqual([]);
  });

  it('email asks for a confirmation to the address that the order has', async () => {
    const rehearsed = await simulate(apps);
    const [confirmation] = rehearsed.filter(({ handler }) => handler === 'email.confirm-order');
    expect(confirmation!.calls).toMatchObject([{ call: 'CommandBus.execute', args: [{ recipient: { address: 'ada@example.com' } }] }]);
  });
});
