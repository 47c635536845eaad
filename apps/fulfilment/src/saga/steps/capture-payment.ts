import { CapturePayment, PaymentCaptured, PaymentDeclined, PaymentRefunded, RefundPayment } from '@nestbox/contracts';
import type { SagaStep } from '@nestbox/eventing';
import { issue } from '@nestbox/kernel';
import { reasonFor } from '../order-facts.js';
import type { OrderFacts } from '../order-facts.js';
import { ANSWER_WITHIN_MS } from '../patience.js';

export const capturePayment: SagaStep<OrderFacts> = {
  name: 'capture-payment',
  ask: ({ orderId, totalCents, cardToken }) => issue(CapturePayment, { orderId, amountCents: totalCents, cardToken }),
  done: PaymentCaptured,
  refused: [PaymentDeclined],
  reason: 'payment',
  answerWithinMs: ANSWER_WITHIN_MS,
  undo: {
    ask: ({ orderId }, reason) => issue(RefundPayment, { orderId, reason: reasonFor(reason) }),
    done: [PaymentRefunded],
  },
};
