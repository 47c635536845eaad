import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OrderCancelled } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { RequestMail } from '../commands/request-mail.command.js';

@Controller()
export class WhenOrderCancelled {
  constructor(private readonly commands: CommandBus) {}

  @HandlesEvent(OrderCancelled, { id: 'email.apologise-for-cancellation' })
  async apologise({ data, eventId, correlationId }: EventMessage<OrderCancelled>): Promise<void> {
    const mail = { orderId: data.orderId, kind: 'apology', eventId, correlationId } as const;
    await this.commands.execute(new RequestMail(mail, { address: data.email, userId: data.userId }));
  }
}
