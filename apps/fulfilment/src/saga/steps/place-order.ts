import { CancelOrder, OrderCancelled, OrderPlaced } from '@nestbox/contracts';
import { startsOn } from '@nestbox/eventing';
import { issue } from '@nestbox/kernel';
import { factsOf, reasonFor } from '../order-facts.js';

/** Undone last: an order is cancelled only when every other step is undone. */
export const placeOrder = startsOn(OrderPlaced, {
  name: 'place-order',
  facts: factsOf,
  undo: {
    ask: ({ orderId }, reason) => issue(CancelOrder, { orderId, reason: reasonFor(reason) }),
    done: [OrderCancelled],
  },
});
