import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox } from '@nestbox/eventing';
import { Shipment } from '../domain/shipment.js';

@Injectable()
export class ShipmentRepository extends AggregateRepository<Shipment> {
  constructor(unitOfWork: UnitOfWork, outbox: Outbox) {
    super(Shipment, unitOfWork, outbox);
  }

  /** The locked shipment, or a new one. When two transactions create it, the second fails and is retried. */
  async lockOrNew(orderId: string): Promise<Shipment> {
    return (await this.lock(orderId)) ?? Shipment.of(orderId);
  }
}
