import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { UserSignedUp } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { RequestMail } from '../commands/request-mail.command.js';

@Controller()
export class WhenUserSignedUp {
  constructor(private readonly commands: CommandBus) {}

  @HandlesEvent(UserSignedUp, { id: 'email.welcome-user' })
  async welcome({ data, eventId, correlationId }: EventMessage<UserSignedUp>): Promise<void> {
    const { accountId: userId, email: address, confirmationCode: detail } = data;
    await this.commands.execute(new RequestMail({ orderId: userId, kind: 'welcome', eventId, correlationId, detail }, { address, userId }));
  }
}
