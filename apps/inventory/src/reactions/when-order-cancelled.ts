import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OrderCancelled } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { ReleaseStock } from '../commands/release-stock.command.js';

@Controller()
export class WhenOrderCancelled {
  constructor(private readonly commands: CommandBus) {}

  @HandlesEvent(OrderCancelled, { id: 'inventory.release-stock' })
  async release({ data }: EventMessage<OrderCancelled>): Promise<void> {
    await this.commands.execute(new ReleaseStock(data.orderId, data.reason));
  }
}
