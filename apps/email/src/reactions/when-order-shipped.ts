import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OrderShipped } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { RequestMail } from '../commands/request-mail.command.js';

@Controller()
export class WhenOrderShipped {
  constructor(private readonly commands: CommandBus) {}

  @HandlesEvent(OrderShipped, { id: 'email.tell-of-shipment' })
  async tell({ data, eventId, correlationId }: EventMessage<OrderShipped>): Promise<void> {
    const mail = { orderId: data.orderId, kind: 'shipped', eventId, correlationId } as const;
    await this.commands.execute(new RequestMail(mail));
  }
}
