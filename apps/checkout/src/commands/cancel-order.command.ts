import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { OrderNotFound } from '../domain/order.errors.js';
import { OrderRepository } from '../persistence/order.repository.js';

export interface Cancelled {
  readonly orderId: string;
  readonly status: 'cancelled';
  readonly eventId: string;
}

export class CancelOrder extends Command<Cancelled> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(CancelOrder)
export class CancelOrderHandler implements ICommandHandler<CancelOrder> {
  constructor(@Inject(OrderRepository) private readonly orders: OrderRepository) {}

  async execute({ orderId }: CancelOrder): Promise<Cancelled> {
    const order = await this.orders.lock(orderId);
    if (!order) throw new OrderNotFound();
    order.cancel('customer');
    const [eventId] = await this.orders.save(order);
    return { orderId, status: 'cancelled', eventId: eventId! };
  }
}
