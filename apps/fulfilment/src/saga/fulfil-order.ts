import { OrderCancellationRequested } from '@nestbox/contracts';
import { Saga, sagaInSteps } from '@nestbox/eventing';
import { LIFETIME_MS } from './patience.js';
import { capturePayment } from './steps/capture-payment.js';
import { placeOrder } from './steps/place-order.js';
import { reserveStock } from './steps/reserve-stock.js';
import { shipOrder } from './steps/ship-order.js';

/** The saga of an order, from its placing until it is shipped or cancelled. */
export const fulfilOrder = sagaInSteps({
  id: 'fulfilment.fulfil-order',
  lifetimeMs: LIFETIME_MS,
  start: placeOrder,
  steps: [reserveStock, capturePayment, shipOrder],
  cancelledBy: [{ event: OrderCancellationRequested, reason: 'customer' }],
});

@Saga(fulfilOrder)
export class FulfilOrder {}
