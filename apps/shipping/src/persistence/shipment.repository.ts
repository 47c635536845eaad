import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox } from '@nestbox/eventing';
import { Shipment } from '../domain/shipment.js';

@Injectable()
export class ShipmentRepository extends AggregateRepository<Shipment> {
  constructor(unitOfWork: UnitOfWork, outbox: Outbox) {
    super(Shipment, unitOfWork, outbox);
  }

  /** The shipment, locked, or a new one. Two that both find none: the second to save fails and is tried again. */
  async lockOrNew(orderId: string): Promise<Shipment> {
    return (await this.lock(orderId)) ?? Shipment.of(orderId);
  }
}
