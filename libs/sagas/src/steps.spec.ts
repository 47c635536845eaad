import { defineCommand, defineEvent, issue } from '@nestbox/kernel';
import { z } from 'zod';
import { OrderPlaced } from '../../../test/support/eventing/shop.fixture.js';
import { startsOn } from './step.js';
import type { SagaStep } from './step.js';
import { sagaInSteps } from './steps.js';
import { everyCell, operator, passes, scenario, told } from './testing/saga-scenario.js';

const schema = z.object({ orderId: z.string().min(1), parcels: z.int().optional() });
const examples = [{ orderId: 'order-1', parcels: 1 }];
const rest = { version: 1, description: 'Part of a saga.', schema, key: ({ orderId }: { orderId: string }) => orderId, examples };
const event = (type: string) => defineEvent({ ...rest, type, topic: 'shipping.shipments' });
const command = (type: string) => defineCommand({ ...rest, type, recipient: 'shipping' });

const data = { orderId: 'order-1' };
const [shipped, refusedToShip, kept] = [event('OrderShipped'), event('ShippingRefused'), event('ShipmentCancelled')];
const [invoiced, invoiceRefused, cancellation] = [event('OrderInvoiced'), event('InvoiceRefused'), event('CancellationRequested')];
const ship = command('ShipOrder');
const cancelShipment = command('CancelShipment');
const invoice = command('InvoiceOrder');

const shipOrder: SagaStep<typeof data> = {
  name: 'ship-order',
  ask: (facts) => issue(ship, facts),
  done: shipped,
  refused: [refusedToShip],
  reason: 'shipping',
  answerWithinMs: 60_000,
  pivot: true,
  undo: { ask: (facts) => issue(cancelShipment, facts), done: [kept] },
};
const invoiceOrder: SagaStep<typeof data> = {
  name: 'invoice-order',
  ask: (facts) => issue(invoice, facts),
  done: invoiced,
  refused: [invoiceRefused],
  reason: 'invoice',
  answerWithinMs: 60_000,
};
const saga = sagaInSteps({
  id: 'checkout.ship-and-invoice',
  lifetimeMs: 86_400_000,
  start: startsOn(OrderPlaced, { name: 'place-order', facts: ({ orderId }) => ({ orderId }) }),
  steps: [shipOrder, invoiceOrder],
  cancelledBy: [{ event: cancellation, reason: 'customer' }],
});

describe('a saga in steps, past the point of no return', () => {
  const placed = told(OrderPlaced, { orderId: 'order-1', totalCents: 1 });
  const past = [placed, told(shipped, data)] as const;
  const { given } = scenario(saga);

  it('is not taken back by anybody', () => {
    given(...past).when(told(cancellation, data)).thenIs('ignored');
    given(...past).when(operator('cancel')).thenIs('ignored');
    given(...past).when(told(kept, data)).thenIs('ignored');
  });

  it('asks again, with growing waits, for what is not answered', () => {
    given(placed).when(told(shipped, data)).then([issue(invoice, data)], { 'ship-order': null, 'invoice-order': 5_000 });
    given(...past).when(passes(5_000)).then([issue(invoice, data)], { 'invoice-order': 10_000 });
    given(...past).when(passes(3_600_000)).thenEnds('stuck');
    given(...past, passes(3_600_000)).when(told(invoiced, data)).thenEnds('completed');
  });

  it('does nothing at the timeout of a step that is not waited for any more', () => {
    given(...past).when({ kind: 'timeout', name: 'ship-order' }).thenIs('ignored');
    given(placed, told(cancellation, data)).when({ kind: 'timeout', name: 'ship-order' }).thenIs('ignored');
  });

  it('needs a person when a step is refused, and asks again when that person says so', () => {
    given(...past).when(told(invoiceRefused, data)).thenEnds('stuck');
    given(...past, told(invoiceRefused, data)).when(operator('retry')).then([issue(invoice, data)], { 'invoice-order': 5_000 });
  });

  it('has an answer for every message in every state', () => {
    const messages = { shipped: told(shipped, data), refused: told(refusedToShip, data), cancellation: told(cancellation, data) };
    expect(everyCell(saga, { shipping: [placed], invoicing: past }, messages)).toEqual([
      'shipping + shipped → running: InvoiceOrder',
      'shipping + refused → compensated',
      'shipping + cancellation → compensating: CancelShipment',
      'invoicing + shipped → ignored',
      'invoicing + refused → ignored',
      'invoicing + cancellation → ignored',
    ]);
  });
});
