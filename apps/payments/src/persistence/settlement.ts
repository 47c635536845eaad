import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import type { ChargeOutcome } from '../domain/card-gateway.js';
import { Ledger } from './ledger.js';
import { PaymentQueue } from './payment-queue.js';
import { PaymentRepository } from './payment.repository.js';

/** Stores the provider's answer: payment, ledger and event in one transaction. Idempotent. */
@Injectable()
export class Settlement {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly payments: PaymentRepository,
    private readonly queue: PaymentQueue,
    private readonly ledger: Ledger,
  ) {}

  answered(orderId: string, outcome: ChargeOutcome): Promise<void> {
    return this.unitOfWork.runNew(async () => {
      const payment = await this.payments.lockOrNew(orderId);
      const isCharged = outcome.kind === 'charged';
      if (!(isCharged ? payment.charged() : payment.declined(outcome.reason))) return;
      if (isCharged) this.ledger.captured(orderId, payment.amountCents);
      await this.payments.save(payment);
      if (payment.status === 'refunding') this.queue.add(orderId);
    });
  }

  refunded(orderId: string): Promise<void> {
    return this.unitOfWork.runNew(async () => {
      const payment = await this.payments.lockOrNew(orderId);
      if (!payment.refunded()) return;
      this.ledger.refunded(orderId, payment.amountCents);
      await this.payments.save(payment);
    });
  }
}
