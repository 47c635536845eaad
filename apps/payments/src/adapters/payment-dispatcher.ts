import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { RepeatedFailure, runWithCorrelation, Sleeper } from '@nestbox/kernel';
import { inSpan } from '@nestbox/telemetry';
import { CardGateway } from '../domain/card-gateway.js';
import { PaymentQueue } from '../persistence/payment-queue.js';
import type { DuePayment } from '../persistence/payment-queue.js';
import { Settlement } from '../persistence/settlement.js';

const ASKED_AT_ONCE = 4;
// Polling finds payments that have become due, and payments of other processes.
const POLL_MS = 1_000;

/** Sends payments to the provider, several at a time, outside any transaction. Shutdown waits for those in progress. */
@Injectable()
export class PaymentDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PaymentDispatcher.name);
  private readonly trouble = new RepeatedFailure('Settling payments', (line) => this.logger.warn(line));
  private readonly wakeUp = new Sleeper();
  private workers: Promise<void>[] = [];
  private stopping = false;

  constructor(
    private readonly queue: PaymentQueue,
    private readonly gateway: CardGateway,
    private readonly settlement: Settlement,
  ) {}

  onApplicationBootstrap(): void {
    this.queue.whenDue(this.wakeUp.wake);
    this.workers = Array.from({ length: ASKED_AT_ONCE }, () => this.work());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.wakeUp.wake();
    await Promise.all(this.workers);
  }

  private async work(): Promise<void> {
    while (!this.stopping) {
      try {
        const due = await this.queue.takeDue();
        this.trouble.worked();
        if (due) await inCorrelationOf(due, () => inSpan(due.status === 'refunding' ? 'refund' : 'charge', {}, () => this.settle(due)));
        else await this.sleep();
      } catch (error) {
        this.trouble.failed(`payments cannot be settled just now: ${(error as Error).message}`);
        await this.sleep();
      }
    }
  }

  private async settle(due: DuePayment): Promise<void> {
    const { orderId, amountCents, cardToken } = due;
    const chargeKey = `${orderId}:capture`;
    try {
      if (due.status === 'refunding') {
        await this.gateway.refund({ key: `${orderId}:refund`, chargeKey });
        await this.settlement.refunded(orderId);
      } else {
        await this.settlement.answered(orderId, await this.gateway.charge({ key: chargeKey, cardToken, amountCents }));
      }
    } catch (error) {
      await this.queue.putOff(orderId, (error as Error).message);
    }
  }

  private async sleep(): Promise<void> {
    if (!this.stopping) await this.wakeUp.sleep(POLL_MS);
  }
}

/** Runs the work in the correlation of the payment's request. */
function inCorrelationOf<T>({ correlation }: DuePayment, work: () => Promise<T>): Promise<T> {
  return correlation ? runWithCorrelation(correlation, work) : work();
}
