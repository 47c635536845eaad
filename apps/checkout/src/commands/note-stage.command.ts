import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { OrderNotFound } from '../domain/order.errors.js';
import type { OrderStage } from '../domain/order.js';
import { OrderRepository } from '../persistence/order.repository.js';

/** Another context has brought an order to this stage. */
export class NoteStage extends Command<void> {
  constructor(
    readonly orderId: string,
    readonly stage: OrderStage,
  ) {
    super();
  }
}

@CommandHandler(NoteStage)
export class NoteStageHandler implements ICommandHandler<NoteStage> {
  constructor(private readonly orders: OrderRepository) {}

  async execute({ orderId, stage }: NoteStage): Promise<void> {
    const order = await this.orders.lock(orderId);
    if (!order) throw new OrderNotFound();
    if (order.reach(stage)) await this.orders.save(order);
  }
}
