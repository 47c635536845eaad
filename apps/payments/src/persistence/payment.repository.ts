import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox } from '@nestbox/eventing';
import { Payment } from '../domain/payment.js';

@Injectable()
export class PaymentRepository extends AggregateRepository<Payment> {
  constructor(unitOfWork: UnitOfWork, outbox: Outbox) {
    super(Payment, unitOfWork, outbox);
  }

  /** The payment, locked, or a new one. Two that both find none: the second to save fails and is tried again. */
  async lockOrNew(orderId: string): Promise<Payment> {
    return (await this.lock(orderId)) ?? Payment.of(orderId);
  }
}
