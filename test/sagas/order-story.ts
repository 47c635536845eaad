import {
  OrderCancellationRequested,
  OrderCancelled,
  OrderPlaced,
  OrderShipped,
  PaymentCaptured,
  PaymentDeclined,
  PaymentRefunded,
  ShipmentCancelled,
  ShippingRefused,
  StockForgone,
  StockRejected,
  StockReleased,
  StockReserved,
} from '@nestbox/contracts';
import { operator, passes, told } from '@nestbox/eventing/testing';
import type { SagaInput } from '@nestbox/eventing/testing';
import { ANSWER_WITHIN_MS } from '../../apps/fulfilment/src/saga/patience.js';

export const orderId = '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f';
export const lines = [{ sku: 'mug-blue', quantity: 2 }];
export const totalCents = 2500;
const email = 'ada@example.com';
const placedAt = '2026-11-23T06:00:00.000Z';
const order = { orderId, userId: 'user-7', email, totalCents, placedAt };

export const placed = told(OrderPlaced, {
  ...order,
  lines: lines.map((line) => ({ ...line, unitPriceCents: 1250 })),
  cardToken: 'card-visa-4242',
  region: 'DE',
});
export const reserved = told(StockReserved, { orderId, lines });
export const captured = told(PaymentCaptured, { orderId, amountCents: totalCents });
export const shipped = told(OrderShipped, { orderId, region: 'DE', shippedAt: '2026-11-23T06:00:02.000Z' });
export const rejected = told(StockRejected, { orderId, shortages: [{ sku: 'mug-blue', requested: 2, available: 1 }] });
export const declined = told(PaymentDeclined, { orderId, amountCents: totalCents, reason: 'card_declined' });
export const refused = told(ShippingRefused, { orderId, region: 'AQ' });
export const wish = told(OrderCancellationRequested, { orderId, userId: 'user-7', totalCents });
export const shipmentCancelled = told(ShipmentCancelled, { orderId, reason: 'customer' });
export const refunded = told(PaymentRefunded, { orderId, amountCents: totalCents });
export const released = told(StockReleased, { orderId, lines });
export const forgone = told(StockForgone, { orderId, reason: 'customer' });
export const cancelled = told(OrderCancelled, { ...order, reason: 'customer' });
export const silence = passes(ANSWER_WITHIN_MS);
/** Longer than all tries of one command together. */
export const longSilence = passes(3_600_000);

/** Every message of the story, by its name in the tables. */
export const messages: Readonly<Record<string, SagaInput>> = {
  OrderPlaced: placed,
  StockReserved: reserved,
  StockRejected: rejected,
  PaymentCaptured: captured,
  PaymentDeclined: declined,
  OrderShipped: shipped,
  ShippingRefused: refused,
  OrderCancellationRequested: wish,
  ShipmentCancelled: shipmentCancelled,
  PaymentRefunded: refunded,
  StockReleased: released,
  StockForgone: forgone,
  OrderCancelled: cancelled,
  silence,
  retry: operator('retry'),
  cancel: operator('cancel'),
};

/** How the story comes to stand where it can stand. */
export const states: Readonly<Record<string, readonly SagaInput[]>> = {
  unborn: [],
  reserving: [placed],
  capturing: [placed, reserved],
  shipping: [placed, reserved, captured],
  completed: [placed, reserved, captured, shipped],
  'taking the shipment back': [placed, reserved, captured, wish],
  'taking the payment back': [placed, reserved, captured, refused],
  'taking the stock back': [placed, reserved, declined],
  'cancelling the order': [placed, rejected],
  stuck: [placed, reserved, declined, longSilence],
  compensated: [placed, rejected, cancelled],
};
