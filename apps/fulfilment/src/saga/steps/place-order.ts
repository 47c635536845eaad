import { CancelOrder, OrderCancelled, OrderPlaced } from '@nestbox/contracts';
import { on, startsOn } from '@nestbox/eventing';
import { issue } from '@nestbox/kernel';
import { factsOf, reasonFor } from '../order-facts.js';

/** Undone last: an order is cancelled when nothing of it is left anywhere. */
export const placeOrder = startsOn(OrderPlaced, {
  name: 'place-order',
  facts: factsOf,
  undo: {
    ask: ({ orderId }, reason) => issue(CancelOrder, { orderId, reason: reasonFor(reason) }),
    done: [on(OrderCancelled)],
  },
});
