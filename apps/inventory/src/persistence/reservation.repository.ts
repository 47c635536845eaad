import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { AggregateRepository, Outbox } from '@nestbox/eventing';
import { Reservation } from '../domain/reservation.js';

@Injectable()
export class ReservationRepository extends AggregateRepository<Reservation> {
  constructor(unitOfWork: UnitOfWork, outbox: Outbox) {
    super(Reservation, unitOfWork, outbox);
  }

  /** The locked reservation, or a new one. When two transactions create it, the second fails and is retried. */
  async lockOrNew(orderId: string): Promise<Reservation> {
    return (await this.lock(orderId)) ?? Reservation.of(orderId);
  }
}
