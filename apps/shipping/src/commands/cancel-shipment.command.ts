import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { ShipmentRepository } from '../persistence/shipment.repository.js';

export class CancelShipment extends Command<void> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(CancelShipment)
export class CancelShipmentHandler implements ICommandHandler<CancelShipment> {
  constructor(@Inject(ShipmentRepository) private readonly shipments: ShipmentRepository) {}

  async execute({ orderId }: CancelShipment): Promise<void> {
    const shipment = await this.shipments.lockOrNew(orderId);
    shipment.cancel();
    if (shipment.pendingEvents().length > 0) await this.shipments.save(shipment);
  }
}
