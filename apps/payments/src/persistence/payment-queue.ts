import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { currentCorrelation } from '@nestbox/kernel';
import type { Correlation } from '@nestbox/kernel';

export interface DuePayment {
  readonly orderId: string;
  readonly status: 'requested' | 'refunding';
  readonly amountCents: number;
  readonly cardToken: string;
  /** The story that it was asked for in; null when nobody knows. */
  readonly story: Correlation | null;
}

/** Somebody who took a payment and went is waited for no longer than this: above any deadline of a gateway. */
const LEASE_MS = 10_000;

// The attempt is counted, and committed, before the provider is asked: an attempt may have charged, no attempt cannot.
const TAKE_DUE = {
  name: 'payments.take-due',
  text: `UPDATE payments SET attempts = attempts + 1, due_at = clock_timestamp() + interval '${LEASE_MS} ms'
    WHERE order_id = (
      SELECT order_id FROM payments WHERE status IN ('requested', 'refunding') AND due_at <= clock_timestamp()
      ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING order_id AS "orderId", status, amount_cents::float8 AS "amountCents", card_token AS "cardToken", story`,
};

// 200 ms doubling to a minute: whatever is unclear is asked again, under the same key, until it is clear.
const PUT_OFF = {
  name: 'payments.put-off',
  text: `UPDATE payments SET last_fault = $2,
      due_at = clock_timestamp() + least(interval '1 minute', interval '200 ms' * 2 ^ least(attempts - 1, 12))
    WHERE order_id = $1 AND status IN ('requested', 'refunding')`,
};

const DUE_NOW = {
  name: 'payments.due-now',
  text: `UPDATE payments SET due_at = clock_timestamp(), last_fault = NULL, story = $2 WHERE order_id = $1`,
};

/** Payments that wait for the provider. */
@Injectable()
export class PaymentQueue {
  private tellDue: () => void = () => undefined;

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Called after each commit that made a payment due, in this process. */
  whenDue(listener: () => void): void {
    this.tellDue = listener;
  }

  /** After the payment has been saved. */
  add(orderId: string): void {
    this.unitOfWork.write({ ...DUE_NOW, values: [orderId, currentCorrelation() ?? null] });
    this.unitOfWork.current.onAfterCommit(() => this.tellDue());
  }

  /** For nobody else until it is settled, put off, or the lease has run out. */
  takeDue(): Promise<DuePayment | undefined> {
    return this.unitOfWork.runNew(async () => {
      const { rows } = await this.unitOfWork.current.query<DuePayment & object>(TAKE_DUE);
      return rows[0];
    });
  }

  putOff(orderId: string, fault: string): Promise<void> {
    return this.unitOfWork.runNew(async () => this.unitOfWork.write({ ...PUT_OFF, values: [orderId, fault.slice(0, 200)] }));
  }
}
