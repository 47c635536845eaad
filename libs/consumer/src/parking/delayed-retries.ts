import { inParallel, RepeatedFailure, Repeater } from '@nestbox/kernel';
import { clean, describeFailure } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BoundHandlers } from '../handler/handler-discovery.js';
import { Pauses } from '../pause/pauses.js';
import type { Verdict } from '../retry/classify.js';
import { decideParked, policyOf } from '../retry/policy.js';
import { DUE } from './dead-letters.sql.js';
import { Redriver } from './redriver.js';

const LOOK_EVERY_MS = 500;
const AT_ONCE = 4;

interface DueDeadLetter {
  readonly id: string;
  readonly handler: string;
  readonly key: string;
  readonly alone: boolean;
  readonly eventType: string | null;
  /** Failures so far that count as attempts. */
  readonly tries: number;
}

/**
 * Retries parked events automatically, as their handler's policy says, before an operator has to act: each key from its head,
 * in order. The times are in the tables, so any process of the context can do it.
 */
@Injectable()
export class DelayedRetries implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Parking');
  private readonly trouble = new RepeatedFailure('Reading delayed events', (line) => this.logger.warn(line));
  private readonly looking = new Repeater(LOOK_EVERY_MS, () => this.look());
  private closed = false;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(Redriver) private readonly redriver: Redriver,
    @Inject(Pauses) private readonly pauses: Pauses,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closed = true;
    await this.looking.stop();
  }

  /** True when an event was handled: the next one of its key may be due. */
  private async look(): Promise<boolean> {
    let done = 0;
    try {
      await this.pauses.settle();
      const ids = this.handlers.all.filter((handler) => !this.pauses.isHandlerPaused(handler)).map(({ id }) => id);
      if (ids.length === 0) return false;
      const due = await this.dataSource.query<DueDeadLetter[]>(DUE, [ids]);
      this.trouble.worked();
      await inParallel(AT_ONCE, due, async (deadLetter) => {
        if (!this.closed && (await this.retry(deadLetter))) done += 1;
      });
    } catch (error) {
      this.trouble.failed(`Delayed events could not be read: ${describeFailure(error).message}`);
      return false;
    }
    return done > 0;
  }

  /** True when the event was handled. */
  private async retry({ id, handler, key, eventType, tries }: DueDeadLetter): Promise<boolean> {
    const policy = this.handlers.get(handler)?.methods.get(eventType ?? '')?.policy ?? policyOf({});
    const laterMs = (verdict: Verdict) => {
      const decision = decideParked(policy, verdict, tries + (verdict === 'unknown' ? 1 : 0));
      return decision.then === 'park' ? undefined : decision.delayMs;
    };
    const result = await this.redriver.redrive(id, null, laterMs);
    if (result.end === 'failed' && result.laterMs === undefined) {
      const why = describeFailure(result.error).message;
      this.logger.error(`${handler} gave dead letter ${id} up, key ${clean(key, 100)}: it waits for an operator: ${why}`);
    }
    return result.end === 'redriven';
  }
}
