import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { ShipmentCancelled } from '@nestbox/contracts';
import { ShipmentRepository } from '../persistence/shipment.repository.js';

export class CancelShipment extends Command<void> {
  constructor(
    readonly orderId: string,
    readonly reason: ShipmentCancelled['reason'],
  ) {
    super();
  }
}

@CommandHandler(CancelShipment)
export class CancelShipmentHandler implements ICommandHandler<CancelShipment> {
  constructor(private readonly shipments: ShipmentRepository) {}

  async execute({ orderId, reason }: CancelShipment): Promise<void> {
    const shipment = await this.shipments.lockOrNew(orderId);
    shipment.cancel(reason);
    if (shipment.pendingEvents().length > 0) await this.shipments.save(shipment);
  }
}
