import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox } from '@nestbox/eventing';
import { Reservation } from '../domain/reservation.js';

@Injectable()
export class ReservationRepository extends AggregateRepository<Reservation> {
  constructor(unitOfWork: UnitOfWork, outbox: Outbox) {
    super(Reservation, unitOfWork, outbox);
  }

  /** The reservation, locked, or a new one. Two that both find none: the second to save fails and is tried again. */
  async lockOrNew(orderId: string): Promise<Reservation> {
    return (await this.lock(orderId)) ?? Reservation.of(orderId);
  }
}
