import type { EventContract, IssuedCommand, RaisedEvent } from '@nestbox/kernel';
import type { AggregateRoot } from '@nestbox/kernel';
import { CancelOrder, CancelShipment, CapturePayment, RefundPayment, ReleaseStock, ShipOrder } from '@nestbox/contracts';
import { SimulatedSaga } from '@nestbox/eventing/testing';
import { Order } from '../../apps/checkout/src/domain/order.js';
import { fulfilOrder } from '../../apps/fulfilment/src/saga/fulfil-order.js';
import { Reservation } from '../../apps/inventory/src/domain/reservation.js';
import { Payment } from '../../apps/payments/src/domain/payment.js';
import { Shipment } from '../../apps/shipping/src/domain/shipment.js';

export interface Circumstances {
  /** Pieces on the shelf; two are ordered. */
  readonly onShelf: number;
  readonly cardIsGood: boolean;
  readonly regionIsServed: boolean;
}

type Message = RaisedEvent | IssuedCommand;

const orderId = '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f';
const PRICE = 1250;
const ORDERED = 2;

/**
 * One order among the real rules of all contexts and the real saga, without processes: each consumer has a queue per
 * topic, and whoever plays decides what is delivered next, what is slow, and how time goes by.
 */
export class RehearsedShop {
  readonly order = Order.place({
    orderId,
    userId: 'user-7',
    email: 'ada@example.com',
    lines: [{ sku: 'mug-blue', quantity: ORDERED }],
    prices: new Map([['mug-blue', PRICE]]),
    now: new Date('2026-11-23T06:00:00.000Z'),
  });
  readonly reservation = Reservation.of(orderId);
  readonly payment = Payment.of(orderId);
  readonly shipment = Shipment.of(orderId);
  readonly saga = new SimulatedSaga(fulfilOrder);
  readonly told: string[] = [];
  stock: { free: number; reserved: number; shipped: number };
  money = { captured: 0, refunded: 0 };
  private readonly queues = new Map<string, Message[]>();
  private sent = 0;

  constructor(private readonly circumstances: Circumstances) {
    this.stock = { free: circumstances.onShelf, reserved: 0, shipped: 0 };
    this.publish(this.order);
  }

  /** Everything that could happen next, by name. */
  possible(): string[] {
    const waiting = [...this.queues].filter(([, queue]) => queue.length > 0).map(([name]) => `deliver ${name}`);
    const provider = this.payment.status === 'requested' || this.payment.status === 'refunding';
    return [...waiting, ...(provider ? ['provider answers', 'provider answer is lost'] : [])];
  }

  happen(what: string): void {
    if (what.startsWith('deliver ')) this.deliver(what.slice('deliver '.length));
    if (what === 'provider answers') this.settle();
    // The attempt is on record before the provider is asked, as in the queue of the app.
    if (what === 'provider answer is lost') this.payment.attempts += 1;
    if (what === 'customer cancels' && /placed|reserved|paid/.test(this.order.status)) {
      this.order.requestCancellation();
      this.publish(this.order);
    }
  }

  pass(ms: number): void {
    this.saga.happen({ kind: 'time', ms });
    this.forwardCommands();
  }

  /** Everything that is under way arrives, and time goes on until nothing is waited for. */
  comeToRest(): void {
    for (let round = 0; round < 10_000; round++) {
      const next = this.possible().find((what) => what !== 'provider answer is lost');
      if (next) this.happen(next);
      else if (this.saga.timeouts.size > 0) this.pass(10_000);
      else return;
    }
    throw new Error(`The shop does not come to rest: ${this.saga.status}, ${JSON.stringify(this.saga.state)}`);
  }

  private deliver(queue: string): void {
    const message = this.queues.get(queue)!.shift()!;
    const [consumer] = queue.split(' ');
    if (consumer === 'fulfilment') this.saga.happen({ kind: 'event', type: message.contract.type, data: message.data });
    if (consumer === 'checkout') this.checkout(message);
    if (consumer === 'inventory') this.inventory(message.contract.type);
    if (consumer === 'payments') this.carryOutPayment(message.contract.type);
    if (consumer === 'shipping') this.carryOutShipment(message.contract.type);
    this.forwardCommands();
  }

  private checkout({ contract, data }: Message): void {
    if (contract.type === CancelOrder.type) this.order.cancel((data as CancelOrder).reason);
    if (contract.type === 'StockReserved') this.order.reach('reserved');
    if (contract.type === 'PaymentCaptured') this.order.reach('paid');
    if (contract.type === 'OrderShipped') this.order.reach('shipped');
    this.publish(this.order);
  }

  private inventory(type: string): void {
    const { reservation, stock } = this;
    const lines = [{ sku: 'mug-blue', quantity: ORDERED }];
    const before = reservation.status;
    if (type === 'OrderPlaced') reservation.carryOut({ type: 'Reserve', lines, available: new Map([['mug-blue', stock.free]]) });
    if (type === ReleaseStock.type || type === 'OrderCancelled') reservation.carryOut({ type: 'Release', reason: 'timeout' });
    if (type === 'OrderShipped') reservation.carryOut({ type: 'Ship' });
    if (before !== reservation.status) this.moveStock();
    this.publish(reservation);
  }

  private moveStock(): void {
    const { free, reserved, shipped } = this.stock;
    const { status } = this.reservation;
    if (status === 'reserved') this.stock = { free: free - ORDERED, reserved: reserved + ORDERED, shipped };
    if (status === 'released') this.stock = { free: free + ORDERED, reserved: reserved - ORDERED, shipped };
    if (status === 'shipped') this.stock = { free, reserved: reserved - ORDERED, shipped: shipped + ORDERED };
  }

  private carryOutPayment(type: string): void {
    if (type === CapturePayment.type) this.payment.request(this.order.totalCents, 'card-visa-4242');
    if (type === RefundPayment.type) this.payment.giveBack();
    this.publish(this.payment);
  }

  private settle(): void {
    const { payment, circumstances } = this;
    if (payment.status === 'refunding') {
      payment.refunded();
      this.money.refunded += payment.amountCents;
    } else if (!circumstances.cardIsGood) {
      payment.declined('card_declined');
    } else if (payment.charged()) {
      this.money.captured += payment.amountCents;
    }
    this.publish(payment);
  }

  private carryOutShipment(type: string): void {
    if (type === ShipOrder.type) this.shipment.ship('DE', this.circumstances.regionIsServed, new Date());
    if (type === CancelShipment.type) this.shipment.cancel('timeout');
    this.publish(this.shipment);
  }

  private publish(aggregate: AggregateRoot): void {
    for (const event of aggregate.pendingEvents()) {
      const { type, topic } = event.contract;
      this.told.push(type);
      for (const consumer of hearersOf(event.contract)) this.put(`${consumer} ${topic}`, event);
    }
    aggregate.markSaved();
  }

  private forwardCommands(): void {
    for (; this.sent < this.saga.sent.length; this.sent += 1) {
      const command = this.saga.sent[this.sent]!;
      this.put(`${command.contract.recipient} ${command.contract.topic}`, command);
    }
  }

  private put(queue: string, message: Message): void {
    this.queues.set(queue, [...(this.queues.get(queue) ?? []), message]);
  }
}

function hearersOf({ type }: EventContract): string[] {
  const byInventory = ['OrderPlaced', 'OrderCancelled', 'OrderShipped'].includes(type);
  const byCheckout = ['StockReserved', 'PaymentCaptured', 'OrderShipped'].includes(type);
  return ['fulfilment', ...(byInventory ? ['inventory'] : []), ...(byCheckout ? ['checkout'] : [])];
}
