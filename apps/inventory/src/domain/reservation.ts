import { StockForgone, StockRejected, StockReleased, StockReserved } from '@nestbox/contracts';
import { AggregateRoot } from '@nestbox/kernel';
import { reservationRules } from './reservation.rules.js';
import type { Line, ReservationCommand, ReservationFact, ReservationStatus } from './reservation.rules.js';

/** The reserved stock of one order. */
export class Reservation extends AggregateRoot {
  orderId!: string;
  status!: ReservationStatus;
  lines!: readonly Line[];

  static of(orderId: string): Reservation {
    return Object.assign(new Reservation(), { orderId, ...reservationRules.initial });
  }

  /** Returns the resulting facts, so that the stock can be changed; empty when nothing changed. */
  carryOut(command: ReservationCommand): readonly ReservationFact[] {
    const facts = reservationRules.decide(command, { status: this.status, lines: this.lines });
    for (const fact of facts) {
      Object.assign(this, reservationRules.evolve({ status: this.status, lines: this.lines }, fact));
      this.tell(fact);
    }
    return facts;
  }

  private tell(fact: ReservationFact): void {
    const { orderId } = this;
    if (fact.type === 'Reserved') this.raise(StockReserved, { orderId, lines: [...fact.lines] });
    if (fact.type === 'Rejected') this.raise(StockRejected, { orderId, shortages: [...fact.shortages] });
    if (fact.type === 'Forgone') this.raise(StockForgone, { orderId, reason: fact.reason });
    if (fact.type === 'Released') this.raise(StockReleased, { orderId, lines: [...fact.lines] });
  }
}
