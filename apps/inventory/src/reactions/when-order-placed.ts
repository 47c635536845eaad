import { Controller, Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OrderPlaced } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { ReserveStock } from '../commands/reserve-stock.command.js';

@Controller()
export class WhenOrderPlaced {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @HandlesEvent(OrderPlaced, { id: 'inventory.reserve-stock' })
  async reserve({ data }: EventMessage<OrderPlaced>): Promise<void> {
    const lines = data.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    await this.commands.execute(new ReserveStock(data.orderId, lines));
  }
}
