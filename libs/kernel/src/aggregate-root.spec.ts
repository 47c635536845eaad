import fc from 'fast-check';
import { z } from 'zod';
import { AggregateRoot } from './aggregate-root.js';
import { ContractError } from './contract.error.js';
import { defineEvent } from './event.js';

const fact = { version: 1, topic: 'checkout.orders', description: 'Something happened to an order.', key: ({ orderId }: { orderId: string }) => orderId } as const;
const OrderPlaced = defineEvent({
  ...fact, type: 'OrderPlaced', schema: z.object({ orderId: z.string(), cents: z.int() }), examples: [{ orderId: 'order-1', cents: 1250 }],
});
const OrderCancelled = defineEvent({
  ...fact, type: 'OrderCancelled', schema: z.object({ orderId: z.string() }), examples: [{ orderId: 'order-1' }],
});

class Order extends AggregateRoot {
  status = 'new';

  place(cents: number, more = {}): void {
    this.raise(OrderPlaced, { orderId: 'order-1', cents, ...more });
    this.status = 'placed';
  }

  cancel(): void {
    this.raise(OrderCancelled, { orderId: 'order-1' });
    this.status = 'cancelled';
  }
}

describe('an aggregate', () => {
  it('that has never raised anything is of version zero', () => {
    const order = new Order();
    expect([order.version, order.storedVersion(), order.pendingEvents()]).toEqual([0, 0, []]);
  });

  it('raises events with their data as the schema gives it back, key, JSON and version', () => {
    const order = new Order();
    order.place(1250, { gift: true });
    order.cancel();
    expect(order.pendingEvents()).toEqual([
      { contract: OrderPlaced, data: { orderId: 'order-1', cents: 1250 }, json: '{"orderId":"order-1","cents":1250}', key: 'order-1', aggregateVersion: 1 },
      { contract: OrderCancelled, data: { orderId: 'order-1' }, json: '{"orderId":"order-1"}', key: 'order-1', aggregateVersion: 2 },
    ]);
  });

  it('has not changed when the data of an event breaks its contract', () => {
    const order = new Order();
    order.place(1250);
    expect(() => order.place(12.5)).toThrow(ContractError);
    expect([order.version, order.storedVersion(), order.pendingEvents().length]).toEqual([1, 0, 1]);
  });

  it('is stored with the version that it has raised, and counts on from there', () => {
    const order = new Order();
    order.place(1250);
    order.markSaved();
    expect([order.version, order.storedVersion(), order.pendingEvents()]).toEqual([1, 1, []]);
    order.cancel();
    expect([order.version, order.storedVersion()]).toEqual([2, 1]);
    expect(order.pendingEvents()).toEqual([expect.objectContaining({ aggregateVersion: 2 })]);
  });

  it('leaves to whoever saves it the events that they took, whatever it raises afterwards', () => {
    const order = new Order();
    order.place(1250);
    const taken = order.pendingEvents();
    order.markSaved();
    order.cancel();
    expect(taken.map(({ aggregateVersion }) => aggregateVersion)).toEqual([1]);
  });

  it('goes on where the database left it, also when it was built without its constructor', () => {
    const order: Order = Object.assign(Object.create(Order.prototype), { version: 7, status: 'placed' });
    expect([order.storedVersion(), order.pendingEvents()]).toEqual([7, []]);
    order.cancel();
    expect([order.version, order.storedVersion()]).toEqual([8, 7]);
  });

  it('numbers its events 1, 2, 3 … without holes, however it is saved in between and whatever is refused', () => {
    const steps = fc.array(fc.constantFrom('place', 'cancel', 'save', 'refuse'), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (steps) => {
        const order = new Order();
        const versions: number[] = [];
        const save = () => {
          versions.push(...order.pendingEvents().map(({ aggregateVersion }) => aggregateVersion));
          order.markSaved();
        };
        const acts: Record<string, () => void> = {
          place: () => order.place(1250),
          cancel: () => order.cancel(),
          save,
          refuse: () => expect(() => order.place(0.5)).toThrow(ContractError),
        };
        for (const step of steps) acts[step]!();
        save();
        const raised = steps.filter((step) => step === 'place' || step === 'cancel').length;
        expect(versions).toEqual(Array.from({ length: raised }, (_, n) => n + 1));
        expect([order.version, order.storedVersion()]).toEqual([raised, raised]);
      }),
    );
  });
});
