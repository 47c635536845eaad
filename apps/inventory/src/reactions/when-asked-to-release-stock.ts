import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ReleaseStock as ReleaseContract } from '@nestbox/contracts';
import { HandlesCommand } from '@nestbox/eventing';
import type { CommandMessage } from '@nestbox/eventing';
import { ReleaseStock } from '../commands/release-stock.command.js';

@Controller()
export class WhenAskedToReleaseStock {
  constructor(private readonly commands: CommandBus) {}

  @HandlesCommand(ReleaseContract, { id: 'inventory.release-on-command' })
  async release({ data }: CommandMessage<ReleaseContract>): Promise<void> {
    await this.commands.execute(new ReleaseStock(data.orderId, data.reason));
  }
}
