import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { currentCorrelation } from '@nestbox/kernel';
import type { Correlation } from '@nestbox/kernel';

export interface DuePayment {
  readonly orderId: string;
  readonly status: 'requested' | 'refunding';
  readonly amountCents: number;
  readonly cardToken: string;
  /** The correlation of the request; null when unknown. */
  readonly correlation: Correlation | null;
}

/** When a process dies, its payments are free again after this; longer than any gateway's deadline. */
const LEASE_MS = 10_000;

// The attempt is counted and committed before the provider is asked: without an attempt there cannot be a charge.
const TAKE_DUE = {
  name: 'payments.take-due',
  text: `UPDATE payments SET attempts = attempts + 1, due_at = clock_timestamp() + interval '${LEASE_MS} ms'
    WHERE order_id = (
      SELECT order_id FROM payments WHERE status IN ('requested', 'refunding') AND due_at <= clock_timestamp()
      ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING order_id AS "orderId", status, amount_cents::float8 AS "amountCents", card_token AS "cardToken", story AS correlation`,
};

// 200 ms, doubling to a minute: an unknown outcome is asked again with the same key until it is known.
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

  /** The listener is called after each commit in this process that made a payment due. */
  whenDue(listener: () => void): void {
    this.tellDue = listener;
  }

  /** Call it after the payment was saved. */
  add(orderId: string): void {
    this.unitOfWork.write({ ...DUE_NOW, values: [orderId, currentCorrelation() ?? null] });
    this.unitOfWork.current.onAfterCommit(() => this.tellDue());
  }

  /** Leases a due payment until it is settled, postponed, or the lease expires. */
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
