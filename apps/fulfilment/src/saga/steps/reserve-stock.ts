import { ReleaseStock, StockForgone, StockRejected, StockReleased, StockReserved } from '@nestbox/contracts';
import type { SagaStep } from '@nestbox/eventing';
import { issue } from '@nestbox/kernel';
import { reasonFor } from '../order-facts.js';
import type { OrderFacts } from '../order-facts.js';
import { ANSWER_WITHIN_MS } from '../patience.js';

/** Needs no command: inventory reserves stock by itself when an order is placed. */
export const reserveStock: SagaStep<OrderFacts> = {
  name: 'reserve-stock',
  done: StockReserved,
  refused: [StockRejected],
  reason: 'stock',
  answerWithinMs: ANSWER_WITHIN_MS,
  undo: {
    ask: ({ orderId }, reason) => issue(ReleaseStock, { orderId, reason: reasonFor(reason) }),
    done: [StockReleased, StockForgone],
  },
};
