import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Regions } from '../persistence/regions.js';
import { ShipmentRepository } from '../persistence/shipment.repository.js';

export class ShipOrder extends Command<void> {
  constructor(
    readonly orderId: string,
    readonly region: string,
  ) {
    super();
  }
}

@CommandHandler(ShipOrder)
export class ShipOrderHandler implements ICommandHandler<ShipOrder> {
  constructor(
    private readonly shipments: ShipmentRepository,
    private readonly regions: Regions,
  ) {}

  async execute({ orderId, region }: ShipOrder): Promise<void> {
    const shipment = await this.shipments.lockOrNew(orderId);
    shipment.ship(region, await this.regions.isServed(region), new Date());
    if (shipment.pendingEvents().length > 0) await this.shipments.save(shipment);
  }
}
