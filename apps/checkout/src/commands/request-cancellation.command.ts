import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { OrderNotFound } from '../domain/order.errors.js';
import { OrderRepository } from '../persistence/order.repository.js';

export interface CancellationRequested {
  readonly orderId: string;
  readonly status: 'cancelling';
  readonly eventId: string;
}

/** The customer's request; the order's status shows its outcome. */
export class RequestCancellation extends Command<CancellationRequested> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(RequestCancellation)
export class RequestCancellationHandler implements ICommandHandler<RequestCancellation> {
  constructor(private readonly orders: OrderRepository) {}

  async execute({ orderId }: RequestCancellation): Promise<CancellationRequested> {
    const order = await this.orders.lock(orderId);
    if (!order) throw new OrderNotFound();
    order.requestCancellation();
    const [eventId] = await this.orders.save(order);
    return { orderId, status: 'cancelling', eventId: eventId! };
  }
}
