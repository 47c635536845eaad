import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { PaymentQueue } from '../persistence/payment-queue.js';
import { PaymentRepository } from '../persistence/payment.repository.js';

export class RefundPayment extends Command<void> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(RefundPayment)
export class RefundPaymentHandler implements ICommandHandler<RefundPayment> {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly queue: PaymentQueue,
  ) {}

  async execute({ orderId }: RefundPayment): Promise<void> {
    const payment = await this.payments.lockOrNew(orderId);
    if (!payment.giveBack()) return;
    await this.payments.save(payment);
    if (payment.status === 'refunding') this.queue.add(orderId);
  }
}
