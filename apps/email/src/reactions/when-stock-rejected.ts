import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { StockRejected } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { RequestMail } from '../commands/request-mail.command.js';

@Controller()
export class WhenStockRejected {
  constructor(private readonly commands: CommandBus) {}

  @HandlesEvent(StockRejected, { id: 'email.apologise-for-rejection' })
  async apologise({ data, eventId, correlationId }: EventMessage<StockRejected>): Promise<void> {
    const mail = { orderId: data.orderId, kind: 'apology', eventId, correlationId } as const;
    await this.commands.execute(new RequestMail(mail));
  }
}
