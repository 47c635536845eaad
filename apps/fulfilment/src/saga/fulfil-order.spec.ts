import { CancelOrder, CancelShipment, CapturePayment, RefundPayment, ReleaseStock, ShipOrder } from '@nestbox/contracts';
import { everyCell, operator, passes, scenario } from '@nestbox/eventing/testing';
import { issue } from '@nestbox/kernel';
import { fulfilOrder } from './fulfil-order.js';
import * as story from '../../../../test/sagas/order-story.js';
import { ANSWER_WITHIN_MS, LIFETIME_MS } from './patience.js';

const { placed, reserved, captured, shipped, orderId, lines, totalCents } = story;
const { given } = scenario(fulfilOrder);
const undoing = (reason: ReleaseStock['reason']) => ({ orderId, reason });
const capture = issue(CapturePayment, { orderId, amountCents: totalCents, cardToken: 'card-visa-4242' });
const undoWait = 5_000;

describe('the saga of an order', () => {
  it('waits for the stock first, and asks nobody for it', () => {
    given().when(placed).then([], { 'reserve-stock': ANSWER_WITHIN_MS });
  });

  it('takes the money once the stock is set aside', () => {
    given(placed).when(reserved).then([capture], { 'reserve-stock': null, 'capture-payment': ANSWER_WITHIN_MS });
  });

  it('ships what has been paid for', () => {
    const ship = issue(ShipOrder, { orderId, region: 'DE', lines });
    given(placed, reserved).when(captured).then([ship], { 'capture-payment': null, 'ship-order': ANSWER_WITHIN_MS });
  });

  it('is complete once it has been shipped', () => {
    given(placed, reserved, captured).when(shipped).thenEnds('completed');
  });

  it('keeps what comes before the order itself, and goes on with it then', () => {
    given().when(reserved).thenIs('early');
    given(reserved).when(placed).thenEnds('running');
    given(reserved, placed).when(captured).then([issue(ShipOrder, { orderId, region: 'DE', lines })], {
      'capture-payment': null,
      'ship-order': ANSWER_WITHIN_MS,
    });
  });

  it('takes back in reverse what has been done, one after the other', () => {
    const { refused, refunded, released, cancelled } = story;
    given(placed, reserved, captured).when(refused).then([issue(RefundPayment, undoing('shipping'))], {
      'ship-order': null,
      'undo capture-payment': undoWait,
    });
    given(placed, reserved, captured, refused).when(refunded).then([issue(ReleaseStock, undoing('shipping'))], {
      'undo capture-payment': null,
      'undo reserve-stock': undoWait,
    });
    given(placed, reserved, captured, refused, refunded).when(released).then([issue(CancelOrder, { orderId, reason: 'shipping' })], {
      'undo reserve-stock': null,
      'undo place-order': undoWait,
    });
    given(placed, reserved, captured, refused, refunded, released).when(cancelled).thenEnds('compensated');
  });

  it('takes back what was not answered in time, as it may have been done all the same', () => {
    given(placed, reserved).when(passes(ANSWER_WITHIN_MS - 1)).thenIs('ignored');
    given(placed, reserved).when(story.silence).then([issue(RefundPayment, undoing('timeout'))], {
      'capture-payment': null,
      'undo capture-payment': undoWait,
    });
    given(placed, reserved, story.silence, captured).when(story.refunded).then([issue(ReleaseStock, undoing('timeout'))], {
      'undo capture-payment': null,
      'undo reserve-stock': undoWait,
    });
  });

  it('cannot be cancelled before shipping has agreed, and is complete when that comes too late', () => {
    given(placed, reserved, captured).when(story.wish).then([issue(CancelShipment, undoing('customer'))], {
      'ship-order': null,
      'undo ship-order': undoWait,
    });
    given(placed, reserved, captured, story.wish).when(shipped).thenEnds('completed');
  });

  it('ends cancelled, not compensated, when the customer wanted it so', () => {
    const { wish, forgone, cancelled } = story;
    given(placed, wish, forgone).when(cancelled).thenEnds('cancelled');
  });

  it('asks again for what has to be taken back, with growing waits, and then calls a person', () => {
    const back = [placed, story.rejected] as const;
    const again = [issue(CancelOrder, { orderId, reason: 'stock' })];
    given(...back).when(passes(5_000)).then(again, { 'undo place-order': 10_000 });
    given(...back, passes(5_000)).when(passes(10_000)).then(again, { 'undo place-order': 20_000 });
    given(...back).when(story.longSilence).thenEnds('stuck');
  });

  it('is not lost when it is stuck: a late answer, or an operator, takes it on', () => {
    const stuck = [placed, story.rejected, story.longSilence] as const;
    given(...stuck).when(story.cancelled).thenEnds('compensated');
    given(...stuck).when(operator('retry')).then([issue(CancelOrder, { orderId, reason: 'stock' })], { 'undo place-order': 5_000 });
    given(...stuck, operator('retry')).when(passes(4_999)).thenEnds('compensating');
  });

  it('has an end, even if nobody ever answers', () => {
    given(placed).when(passes(LIFETIME_MS)).thenEnds('stuck');
  });

  it('makes of every message in every state what is written here', () => {
    const rows = everyCell(fulfilOrder, story.states, story.messages);
    expect(rows).toHaveLength(Object.keys(story.states).length * Object.keys(story.messages).length);
    expect(rows.filter((row) => !/→ (ignored|early|late)$/.test(row))).toEqual(cells);
  });
});

/** Every cell in which something happens; in all other cells the message is ignored, early or late. */
const cells = [
  'unborn + OrderPlaced → running',
  'reserving + StockReserved → running: CapturePayment',
  'reserving + StockRejected → compensating: CancelOrder',
  'reserving + OrderCancellationRequested → compensating: ReleaseStock',
  'reserving + ShipmentCancelled → compensating: ReleaseStock',
  'reserving + PaymentRefunded → compensating: ReleaseStock',
  'reserving + StockReleased → compensating: CancelOrder',
  'reserving + StockForgone → compensating: CancelOrder',
  'reserving + OrderCancelled → compensating: ReleaseStock',
  'reserving + silence → compensating: ReleaseStock',
  'reserving + retry → running',
  'reserving + cancel → compensating: ReleaseStock',
  'capturing + PaymentCaptured → running: ShipOrder',
  'capturing + PaymentDeclined → compensating: ReleaseStock',
  'capturing + OrderCancellationRequested → compensating: RefundPayment',
  'capturing + ShipmentCancelled → compensating: RefundPayment',
  'capturing + PaymentRefunded → compensating: ReleaseStock',
  'capturing + StockReleased → compensating: RefundPayment',
  'capturing + StockForgone → compensating: RefundPayment',
  'capturing + OrderCancelled → compensating: RefundPayment',
  'capturing + silence → compensating: RefundPayment',
  'capturing + retry → running: CapturePayment',
  'capturing + cancel → compensating: RefundPayment',
  'shipping + OrderShipped → completed',
  'shipping + ShippingRefused → compensating: RefundPayment',
  'shipping + OrderCancellationRequested → compensating: CancelShipment',
  'shipping + ShipmentCancelled → compensating: RefundPayment',
  'shipping + PaymentRefunded → compensating: CancelShipment',
  'shipping + StockReleased → compensating: CancelShipment',
  'shipping + StockForgone → compensating: CancelShipment',
  'shipping + OrderCancelled → compensating: CancelShipment',
  'shipping + silence → compensating: CancelShipment',
  'shipping + retry → running: ShipOrder',
  'shipping + cancel → compensating: CancelShipment',
  'taking the shipment back + OrderShipped → completed',
  'taking the shipment back + ShippingRefused → compensating: RefundPayment',
  'taking the shipment back + ShipmentCancelled → compensating: RefundPayment',
  'taking the shipment back + PaymentRefunded → compensating',
  'taking the shipment back + StockReleased → compensating',
  'taking the shipment back + StockForgone → compensating',
  'taking the shipment back + OrderCancelled → compensating',
  'taking the shipment back + silence → compensating: CancelShipment',
  'taking the shipment back + retry → compensating: CancelShipment',
  'taking the payment back + PaymentCaptured → compensating',
  'taking the payment back + PaymentDeclined → compensating: ReleaseStock',
  'taking the payment back + OrderShipped → compensating: CancelShipment',
  'taking the payment back + ShipmentCancelled → compensating',
  'taking the payment back + PaymentRefunded → compensating: ReleaseStock',
  'taking the payment back + StockReleased → compensating',
  'taking the payment back + StockForgone → compensating',
  'taking the payment back + OrderCancelled → compensating',
  'taking the payment back + silence → compensating: RefundPayment',
  'taking the payment back + retry → compensating: RefundPayment',
  'taking the stock back + StockReserved → compensating',
  'taking the stock back + StockRejected → compensating: CancelOrder',
  'taking the stock back + PaymentCaptured → compensating: RefundPayment',
  'taking the stock back + OrderShipped → compensating: CancelShipment',
  'taking the stock back + ShipmentCancelled → compensating',
  'taking the stock back + PaymentRefunded → compensating',
  'taking the stock back + StockReleased → compensating: CancelOrder',
  'taking the stock back + StockForgone → compensating: CancelOrder',
  'taking the stock back + OrderCancelled → compensating',
  'taking the stock back + silence → compensating: ReleaseStock',
  'taking the stock back + retry → compensating: ReleaseStock',
  'cancelling the order + StockReserved → compensating: ReleaseStock',
  'cancelling the order + PaymentCaptured → compensating: RefundPayment',
  'cancelling the order + OrderShipped → compensating: CancelShipment',
  'cancelling the order + ShipmentCancelled → compensating',
  'cancelling the order + PaymentRefunded → compensating',
  'cancelling the order + StockReleased → compensating',
  'cancelling the order + StockForgone → compensating',
  'cancelling the order + OrderCancelled → compensated',
  'cancelling the order + silence → compensating: CancelOrder',
  'cancelling the order + retry → compensating: CancelOrder',
  'stuck + StockReserved → stuck',
  'stuck + StockRejected → compensating: CancelOrder',
  'stuck + PaymentCaptured → compensating: RefundPayment',
  'stuck + OrderShipped → compensating: CancelShipment',
  'stuck + ShipmentCancelled → stuck',
  'stuck + PaymentRefunded → stuck',
  'stuck + StockReleased → compensating: CancelOrder',
  'stuck + StockForgone → compensating: CancelOrder',
  'stuck + OrderCancelled → stuck',
  'stuck + retry → compensating: ReleaseStock',
];
