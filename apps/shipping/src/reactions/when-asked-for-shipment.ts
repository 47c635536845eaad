import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CancelShipment as CancelContract, ShipOrder as ShipContract } from '@nestbox/contracts';
import { HandlesCommand } from '@nestbox/eventing';
import type { CommandMessage } from '@nestbox/eventing';
import { CancelShipment } from '../commands/cancel-shipment.command.js';
import { ShipOrder } from '../commands/ship-order.command.js';

const inOrder = { id: 'shipping.carry-out-shipments' };

@Controller()
export class WhenAskedForShipment {
  constructor(private readonly commands: CommandBus) {}

  @HandlesCommand(ShipContract, inOrder)
  async ship({ data: { orderId, region } }: CommandMessage<ShipContract>): Promise<void> {
    await this.commands.execute(new ShipOrder(orderId, region));
  }

  @HandlesCommand(CancelContract, inOrder)
  async cancel({ data }: CommandMessage<CancelContract>): Promise<void> {
    await this.commands.execute(new CancelShipment(data.orderId, data.reason));
  }
}
