import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { ReservationRepository } from '../persistence/reservation.repository.js';
import { Stock } from '../persistence/stock.js';

/** The reserved stock of an order was shipped. */
export class ShipStock extends Command<void> {
  constructor(readonly orderId: string) {
    super();
  }
}

@CommandHandler(ShipStock)
export class ShipStockHandler implements ICommandHandler<ShipStock> {
  constructor(
    private readonly reservations: ReservationRepository,
    private readonly stock: Stock,
  ) {}

  async execute({ orderId }: ShipStock): Promise<void> {
    const reservation = await this.reservations.lockOrNew(orderId);
    if (reservation.carryOut({ type: 'Ship' }).length === 0) return;
    await this.stock.lockAvailable(reservation.lines.map(({ sku }) => sku));
    this.stock.takeAway(reservation.lines);
    await this.reservations.save(reservation);
  }
}
