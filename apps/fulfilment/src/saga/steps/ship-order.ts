import { CancelShipment, OrderShipped, ShipmentCancelled, ShipOrder, ShippingRefused } from '@nestbox/contracts';
import type { SagaStep } from '@nestbox/eventing';
import { issue } from '@nestbox/kernel';
import { reasonFor } from '../order-facts.js';
import type { OrderFacts } from '../order-facts.js';
import { ANSWER_WITHIN_MS } from '../patience.js';

/** A shipped parcel is not recalled: shipping alone decides whether a cancellation came in time. */
export const shipOrder: SagaStep<OrderFacts> = {
  name: 'ship-order',
  ask: ({ orderId, region, lines }) => issue(ShipOrder, { orderId, region, lines: [...lines] }),
  done: OrderShipped,
  refused: [ShippingRefused],
  reason: 'shipping',
  answerWithinMs: ANSWER_WITHIN_MS,
  pivot: true,
  undo: {
    ask: ({ orderId }, reason) => issue(CancelShipment, { orderId, reason: reasonFor(reason) }),
    done: [ShipmentCancelled],
  },
};
