import { OrderCancellationRequested } from '@nestbox/contracts';
import { on, Saga, sagaInSteps } from '@nestbox/eventing';
import { LIFETIME_MS } from './patience.js';
import { capturePayment } from './steps/capture-payment.js';
import { placeOrder } from './steps/place-order.js';
import { reserveStock } from './steps/reserve-stock.js';
import { shipOrder } from './steps/ship-order.js';

/** The long story of an order, from its placing until it has been shipped or cancelled. */
export const fulfilOrder = sagaInSteps({
  id: 'fulfilment.fulfil-order',
  lifetimeMs: LIFETIME_MS,
  start: placeOrder,
  steps: [reserveStock, capturePayment, shipOrder],
  cancelledBy: [{ event: on(OrderCancellationRequested), reason: 'customer' }],
});

@Saga(fulfilOrder)
export class FulfilOrder {}
