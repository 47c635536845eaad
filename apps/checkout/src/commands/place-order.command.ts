import { uuid7 } from '@nestbox/kernel';
import { Command, CommandHandler, QueryBus } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Order } from '../domain/order.js';
import type { WantedLine } from '../domain/order.js';
import { OrderRepository } from '../persistence/order.repository.js';
import { GetPrices } from '../read-models/prices/get-prices.query.js';

export interface Placed {
  readonly orderId: string;
  readonly status: 'placed';
  readonly totalCents: number;
  readonly eventId: string;
}

export class PlaceOrder extends Command<Placed> {
  constructor(
    readonly userId: string,
    readonly email: string,
    readonly lines: readonly WantedLine[],
    readonly cardToken?: string,
    readonly region?: string,
  ) {
    super();
  }
}

@CommandHandler(PlaceOrder)
export class PlaceOrderHandler implements ICommandHandler<PlaceOrder> {
  constructor(
    private readonly orders: OrderRepository,
    private readonly queries: QueryBus,
  ) {}

  async execute({ lines, ...wish }: PlaceOrder): Promise<Placed> {
    const prices = await this.queries.execute(new GetPrices(lines.map(({ sku }) => sku)));
    const order = Order.place({ ...wish, orderId: uuid7(), lines, prices, now: new Date() });
    const [eventId] = await this.orders.save(order);
    return { orderId: order.orderId, status: 'placed', totalCents: order.totalCents, eventId: eventId! };
  }
}
