import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface OrderDetails {
  readonly orderId: string;
  readonly userId: string;
  readonly status: 'placed' | 'reserved' | 'paid' | 'cancelling' | 'shipped' | 'cancelled';
  readonly lines: readonly { sku: string; quantity: number; unitPriceCents: number }[];
  readonly totalCents: number;
  readonly placedAt: string;
}

export class GetOrder extends Query<OrderDetails | undefined> {
  constructor(readonly orderId: string) {
    super();
  }
}

interface Row {
  order_id: string;
  user_id: string;
  status: OrderDetails['status'];
  lines: OrderDetails['lines'];
  total_cents: string;
  placed_at: Date;
}

@QueryHandler(GetOrder)
export class GetOrderHandler implements IQueryHandler<GetOrder> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ orderId }: GetOrder): Promise<OrderDetails | undefined> {
    const [row]: Row[] = await this.unitOfWork.manager.query(
      'SELECT order_id, user_id, status, lines, total_cents, placed_at FROM orders WHERE order_id = $1',
      [orderId],
    );
    if (!row) return undefined;
    const { order_id, user_id, status, lines, total_cents, placed_at } = row;
    const placedAt = placed_at.toISOString();
    return { orderId: order_id, userId: user_id, status, lines, totalCents: Number(total_cents), placedAt };
  }
}
