import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { orderId, OrderPlaced, quantity, sku } from '@nestbox/contracts';
import { HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { z } from 'zod';
import { ReserveStock } from '../commands/reserve-stock.command.js';

const WantedGoods = z.object({ orderId, lines: z.array(z.object({ sku, quantity })).min(1) });

@Controller()
export class WhenOrderPlaced {
  constructor(private readonly commands: CommandBus) {}

  @HandlesEvent(OrderPlaced, { id: 'inventory.reserve-stock', reads: WantedGoods })
  async reserve({ data }: EventMessage<z.output<typeof WantedGoods>>): Promise<void> {
    await this.commands.execute(new ReserveStock(data.orderId, data.lines));
  }
}
