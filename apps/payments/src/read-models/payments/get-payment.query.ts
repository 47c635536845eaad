import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '@nestbox/database';

export interface PaymentDetails {
  readonly orderId: string;
  readonly status: 'requested' | 'captured' | 'declined' | 'refunding' | 'refunded' | 'voided';
  readonly amountCents: number;
  readonly attempts: number;
  /** Why the provider must be asked again. */
  readonly lastFault: string | null;
}

export class GetPayment extends Query<PaymentDetails | undefined> {
  constructor(readonly orderId: string) {
    super();
  }
}

@QueryHandler(GetPayment)
export class GetPaymentHandler implements IQueryHandler<GetPayment> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ orderId }: GetPayment): Promise<PaymentDetails | undefined> {
    const [row]: PaymentDetails[] = await this.unitOfWork.manager.query(
      `SELECT order_id AS "orderId", status, amount_cents::float8 AS "amountCents", attempts, last_fault AS "lastFault"
       FROM payments WHERE order_id = $1`,
      [orderId],
    );
    return row;
  }
}
