import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { Reason } from '../domain/reservation.rules.js';
import { ReservationRepository } from '../persistence/reservation.repository.js';
import { Stock } from '../persistence/stock.js';

export class ReleaseStock extends Command<void> {
  constructor(
    readonly orderId: string,
    readonly reason: Reason,
  ) {
    super();
  }
}

@CommandHandler(ReleaseStock)
export class ReleaseStockHandler implements ICommandHandler<ReleaseStock> {
  constructor(
    private readonly reservations: ReservationRepository,
    private readonly stock: Stock,
  ) {}

  async execute({ orderId, reason }: ReleaseStock): Promise<void> {
    const reservation = await this.reservations.lockOrNew(orderId);
    const facts = reservation.carryOut({ type: 'Release', reason });
    if (facts.length === 0) return;
    if (reservation.status === 'released') {
      await this.stock.lockAvailable(reservation.lines.map(({ sku }) => sku));
      this.stock.giveBack(reservation.lines);
    }
    await this.reservations.save(reservation);
  }
}
