import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OrderShipped } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { ShipStock } from '../commands/ship-stock.command.js';

@Controller()
export class WhenOrderShipped {
  constructor(private readonly commands: CommandBus) {}

  @HandlesEvent(OrderShipped, { id: 'inventory.ship-stock' })
  async ship({ data }: EventMessage<OrderShipped>): Promise<void> {
    await this.commands.execute(new ShipStock(data.orderId));
  }
}
