import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox } from '@nestbox/eventing';
import { Payment } from '../domain/payment.js';

@Injectable()
export class PaymentRepository extends AggregateRepository<Payment> {
  constructor(unitOfWork: UnitOfWork, outbox: Outbox) {
    super(Payment, unitOfWork, outbox);
  }

  /** The locked payment, or a new one. When two transactions create it, the second fails and is retried. */
  async lockOrNew(orderId: string): Promise<Payment> {
    return (await this.lock(orderId)) ?? Payment.of(orderId);
  }
}
