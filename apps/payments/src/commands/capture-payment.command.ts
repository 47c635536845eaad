import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { PaymentQueue } from '../persistence/payment-queue.js';
import { PaymentRepository } from '../persistence/payment.repository.js';

/** Only queues the payment: a slow provider must not block a partition or a transaction. */
export class CapturePayment extends Command<void> {
  constructor(
    readonly orderId: string,
    readonly amountCents: number,
    readonly cardToken: string,
  ) {
    super();
  }
}

@CommandHandler(CapturePayment)
export class CapturePaymentHandler implements ICommandHandler<CapturePayment> {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly queue: PaymentQueue,
  ) {}

  async execute({ orderId, amountCents, cardToken }: CapturePayment): Promise<void> {
    const payment = await this.payments.lockOrNew(orderId);
    if (!payment.request(amountCents, cardToken)) return;
    await this.payments.save(payment);
    this.queue.add(orderId);
  }
}
