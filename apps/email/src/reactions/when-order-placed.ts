import { Controller, Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OrderPlaced } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { RequestMail } from '../commands/request-mail.command.js';

@Controller()
export class WhenOrderPlaced {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @HandlesEvent(OrderPlaced, { id: 'email.confirm-order' })
  async confirm({ data, eventId, correlationId }: EventMessage<OrderPlaced>): Promise<void> {
    const mail = { orderId: data.orderId, kind: 'confirmation', eventId, correlationId } as const;
    await this.commands.execute(new RequestMail(mail, data.email));
  }
}
