import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { email, orderId, OrderPlaced, userId } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { z } from 'zod';
import { RequestMail } from '../commands/request-mail.command.js';

const Addressee = z.object({ orderId, userId, email });
/** What this reaction expects: a contract test checks that checkout provides it. */
const examples = [{ orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f', userId: 'user-7', email: 'grace@example.com' }];

@Controller()
export class WhenOrderPlaced {
  constructor(private readonly commands: CommandBus) {}

  @HandlesEvent(OrderPlaced, { id: 'email.confirm-order', reads: Addressee, examples })
  async confirm({ data, eventId, correlationId }: EventMessage<z.output<typeof Addressee>>): Promise<void> {
    const mail = { orderId: data.orderId, kind: 'confirmation', eventId, correlationId } as const;
    await this.commands.execute(new RequestMail(mail, { address: data.email, userId: data.userId }));
  }
}
