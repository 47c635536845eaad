import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CancelOrder as CancelContract } from '@nestbox/contracts';
import { HandlesCommand } from '@nestbox/eventing';
import type { CommandMessage } from '@nestbox/eventing';
import { CancelOrder } from '../commands/cancel-order.command.js';

@Controller()
export class WhenAskedToCancelOrder {
  constructor(private readonly commands: CommandBus) {}

  @HandlesCommand(CancelContract, { id: 'checkout.cancel-order' })
  async cancel({ data: { orderId, reason } }: CommandMessage<CancelContract>): Promise<void> {
    await this.commands.execute(new CancelOrder(orderId, reason));
  }
}
