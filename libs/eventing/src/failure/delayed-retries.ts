import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { BoundHandlers } from '../consumer/bound-handlers.js';
import { describeFailure } from './attempt.js';
import { classify } from './classify.js';
import { DUE } from './dead-letters.sql.js';
import { Redriver } from './redriver.js';

const LOOK_EVERY_MS = 500;
/** The machine's trouble does not use up what the handler asked for. */
const AFTER_TRANSIENT_MS = 5_000;

/** Gives order-free handlers back the events that they asked to see later. */
@Injectable()
export class DelayedRetries implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Parking');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(Redriver) private readonly redriver: Redriver,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setTimeout(() => {
      this.running = this.look().finally(() => {
        if (!this.closed) this.onApplicationBootstrap();
      });
    }, LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async look(): Promise<void> {
    const ids = this.handlers.orderFree.map(({ id }) => id);
    if (ids.length === 0) return;
    try {
      const due = await this.unitOfWork.run(() => this.unitOfWork.query<{ id: string }>(DUE, [ids]));
      for (const { id } of due) {
        if (this.closed) return;
        await this.redriver.redrive(id, null, delayAfter);
      }
    } catch (error) {
      this.logger.warn(`Delayed events could not be looked at: ${describeFailure(error).message}`);
    }
  }
}

function delayAfter(error: unknown): number | undefined {
  const verdict = classify(error);
  if (verdict === 'transient') return AFTER_TRANSIENT_MS;
  return typeof verdict === 'object' ? verdict.retryLaterMs : undefined;
}
