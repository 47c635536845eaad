import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { Line } from '../domain/reservation.rules.js';
import { ReservationRepository } from '../persistence/reservation.repository.js';
import { Stock } from '../persistence/stock.js';

export class ReserveStock extends Command<void> {
  constructor(
    readonly orderId: string,
    readonly lines: readonly Line[],
  ) {
    super();
  }
}

@CommandHandler(ReserveStock)
export class ReserveStockHandler implements ICommandHandler<ReserveStock> {
  constructor(
    private readonly reservations: ReservationRepository,
    private readonly stock: Stock,
  ) {}

  async execute({ orderId, lines }: ReserveStock): Promise<void> {
    const reservation = await this.reservations.lockOrNew(orderId);
    const available = await this.stock.lockAvailable(lines.map(({ sku }) => sku));
    const facts = reservation.carryOut({ type: 'Reserve', lines, available });
    if (facts.length === 0) return;
    if (reservation.status === 'reserved') this.stock.setAside(lines);
    await this.reservations.save(reservation);
  }
}
