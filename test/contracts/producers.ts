import * as contracts from '@nestbox/contracts';
import { builder } from '@nestbox/eventing/testing';
import type { Builder } from '@nestbox/eventing/testing';
import { Account } from '../../apps/accounts/src/domain/account.js';
import { Order } from '../../apps/checkout/src/domain/order.js';
import { capturePayment } from '../../apps/fulfilment/src/saga/steps/capture-payment.js';
import { placeOrder } from '../../apps/fulfilment/src/saga/steps/place-order.js';
import { reserveStock } from '../../apps/fulfilment/src/saga/steps/reserve-stock.js';
import { shipOrder } from '../../apps/fulfilment/src/saga/steps/ship-order.js';
import { Product } from '../../apps/inventory/src/domain/product.js';
import { Reservation } from '../../apps/inventory/src/domain/reservation.js';
import type { Line } from '../../apps/inventory/src/domain/reservation.rules.js';
import { Payment } from '../../apps/payments/src/domain/payment.js';
import { Shipment } from '../../apps/shipping/src/domain/shipment.js';

const card = { cardToken: 'card-visa-4242' };
const facts = { totalCents: 2500, region: 'DE', lines: [], ...card };

/** An order that stands as the data has it, at whatever price makes its total. */
function placed(data: { orderId: string; userId: string; totalCents: number; email?: string; placedAt?: string }): Order {
  const { orderId, userId, totalCents, email = 'ada@example.com', placedAt = '2026-11-23T06:00:00.000Z' } = data;
  const prices = new Map([['mug-blue', totalCents]]);
  return Order.place({ orderId, userId, email, lines: [{ sku: 'mug-blue', quantity: 1 }], prices, now: new Date(placedAt) });
}

function reserved({ orderId, lines }: { orderId: string; lines: readonly Line[] }): Reservation {
  const reservation = Reservation.of(orderId);
  const available = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
  reservation.carryOut({ type: 'Reserve', lines, available });
  return reservation;
}

function requested({ orderId, amountCents }: { orderId: string; amountCents: number }): Payment {
  const payment = Payment.of(orderId);
  payment.request(amountCents, card.cardToken);
  return payment;
}

/** What was done to it has been told: `then` is all that counts. */
function after<A>(aggregate: A, then: (aggregate: A) => unknown): A {
  then(aggregate);
  return aggregate;
}

/** How each context comes to say what the contracts have, by its own domain code. */
export const producers: readonly Builder[] = [
  builder(contracts.UserSignedUp, ({ accountId: userId, signedUpAt, ...data }) => Account.signUp({ userId, ...data, passwordHash: '', now: new Date(signedUpAt) })),
  builder(contracts.OrderPlaced, ({ lines, placedAt, ...order }) => {
    const prices = new Map(lines.map(({ sku, unitPriceCents }) => [sku, unitPriceCents]));
    return Order.place({ ...order, lines, prices, now: new Date(placedAt) });
  }),
  builder(contracts.OrderCancellationRequested, (data) => after(placed(data), (order) => order.requestCancellation())),
  builder(contracts.OrderCancelled, (data) => after(placed(data), (order) => order.cancel(data.reason))),
  builder(contracts.ProductListed, ({ sku, name, priceCents }) => after(Product.of(sku), (product) => product.list(name, priceCents))),
  builder(contracts.StockReserved, (data) => reserved(data)),
  builder(contracts.StockReleased, (data) => after(reserved(data), (one) => one.carryOut({ type: 'Release', reason: 'customer' }))),
  builder(contracts.StockForgone, ({ orderId, reason }) => after(Reservation.of(orderId), (one) => one.carryOut({ type: 'Release', reason }))),
  builder(contracts.StockRejected, ({ orderId, shortages }) => {
    const lines = shortages.map(({ sku, requested: quantity }) => ({ sku, quantity }));
    const available = new Map(shortages.map(({ sku, available: left }) => [sku, left]));
    return after(Reservation.of(orderId), (one) => one.carryOut({ type: 'Reserve', lines, available }));
  }),
  builder(contracts.PaymentCaptured, (data) => after(requested(data), (payment) => payment.charged())),
  builder(contracts.PaymentDeclined, (data) => after(requested(data), (payment) => payment.declined(data.reason))),
  builder(contracts.PaymentRefunded, (data) =>
    after(requested(data), (payment) => {
      payment.charged();
      payment.giveBack();
      payment.refunded();
    }),
  ),
  builder(contracts.OrderShipped, ({ orderId, region, shippedAt }) => after(Shipment.of(orderId), (one) => one.ship(region, true, new Date(shippedAt)))),
  builder(contracts.ShippingRefused, ({ orderId, region }) => after(Shipment.of(orderId), (one) => one.ship(region, false, new Date()))),
  builder(contracts.ShipmentCancelled, ({ orderId, reason }) => after(Shipment.of(orderId), (one) => one.cancel(reason))),
  builder(contracts.CapturePayment, ({ orderId, amountCents, cardToken }) => [capturePayment.ask!({ ...facts, orderId, totalCents: amountCents, cardToken })]),
  builder(contracts.RefundPayment, ({ orderId, reason }) => [capturePayment.undo!.ask({ ...facts, orderId }, reason)]),
  builder(contracts.ReleaseStock, ({ orderId, reason }) => [reserveStock.undo!.ask({ ...facts, orderId }, reason)]),
  builder(contracts.ShipOrder, ({ orderId, region, lines }) => [shipOrder.ask!({ ...facts, orderId, region, lines })]),
  builder(contracts.CancelShipment, ({ orderId, reason }) => [shipOrder.undo!.ask({ ...facts, orderId }, reason)]),
  builder(contracts.CancelOrder, ({ orderId, reason }) => [placeOrder.undo!.ask({ ...facts, orderId }, reason)]),
];
