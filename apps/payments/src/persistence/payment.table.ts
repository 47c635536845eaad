import { EntitySchema } from 'typeorm';
import { Payment } from '../domain/payment.js';

// pg returns a bigint as text; amounts are small enough for an exact number.
const cents = { to: (value: number) => value, from: (text: string) => Number(text) };

export const PaymentTable = new EntitySchema<Payment>({
  name: 'Payment',
  target: Payment,
  tableName: 'payments',
  columns: {
    orderId: { name: 'order_id', type: 'uuid', primary: true },
    version: { type: 'int' },
    amountCents: { name: 'amount_cents', type: 'bigint', transformer: cents },
    cardToken: { name: 'card_token', type: 'text', nullable: true },
    status: { type: 'text' },
    refundWanted: { name: 'refund_wanted', type: 'boolean' },
    attempts: { type: 'int' },
  },
});
