import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';

const POST = {
  name: 'payments.post',
  text: 'INSERT INTO ledger (order_id, kind, debit, credit, amount_cents) VALUES ($1, $2, $3, $4, $5)',
};

/** Double entry: each line moves an amount from one account to another. An order has at most one line of each kind. */
@Injectable()
export class Ledger {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  captured(orderId: string, amountCents: number): void {
    this.unitOfWork.write({ ...POST, values: [orderId, 'capture', 'provider', 'sales', amountCents] });
  }

  refunded(orderId: string, amountCents: number): void {
    this.unitOfWork.write({ ...POST, values: [orderId, 'refund', 'sales', 'provider', amountCents] });
  }
}
