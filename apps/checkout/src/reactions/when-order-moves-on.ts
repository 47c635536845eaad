import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OrderShipped, PaymentCaptured, StockReserved } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { NoteStage } from '../commands/note-stage.command.js';
import type { OrderStage } from '../domain/order.js';

const follow = { id: 'checkout.follow-order' };

/** Keeps the order's status up to date for the customer. */
@Controller()
export class WhenOrderMovesOn {
  constructor(private readonly commands: CommandBus) {}

  @HandlesEvent(StockReserved, follow)
  reserved({ data }: EventMessage<StockReserved>): Promise<void> {
    return this.note(data.orderId, 'reserved');
  }

  @HandlesEvent(PaymentCaptured, follow)
  paid({ data }: EventMessage<PaymentCaptured>): Promise<void> {
    return this.note(data.orderId, 'paid');
  }

  @HandlesEvent(OrderShipped, follow)
  shipped({ data }: EventMessage<OrderShipped>): Promise<void> {
    return this.note(data.orderId, 'shipped');
  }

  private note(orderId: string, stage: OrderStage): Promise<void> {
    return this.commands.execute(new NoteStage(orderId, stage));
  }
}
