import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { OrderCancelled } from '@nestbox/contracts';
import { OrderNotFound } from '../domain/order.errors.js';
import { OrderRepository } from '../persistence/order.repository.js';

export class CancelOrder extends Command<void> {
  constructor(
    readonly orderId: string,
    readonly reason: OrderCancelled['reason'],
  ) {
    super();
  }
}

@CommandHandler(CancelOrder)
export class CancelOrderHandler implements ICommandHandler<CancelOrder> {
  constructor(private readonly orders: OrderRepository) {}

  async execute({ orderId, reason }: CancelOrder): Promise<void> {
    const order = await this.orders.lock(orderId);
    if (!order) throw new OrderNotFound();
    order.cancel(reason);
    if (order.pendingEvents().length > 0) await this.orders.save(order);
  }
}
