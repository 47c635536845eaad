import { BoundHandlers, Pauses } from '@nestbox/consumer';
import { Sleeper } from '@nestbox/kernel';
import { describeFailure, EVENTING_OPTIONS } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SagaRegistry } from './saga-registry.js';
import { SagaRunner } from './saga-runner.js';
import { CLAIM_DUE, FORGET_EARLY, NEXT_DUE } from './saga.sql.js';
import type { SagasModuleOptions } from './sagas.options.js';

const AT_ONCE = 8;
const BATCH = 200;
/** A process that has claimed and gone is waited for no longer than this. */
const LEASE_MS = 10_000;
/** Timeouts that another process has set are seen no later than this. */
const LOOK_MS = 400;
const SWEEP_MS = 60_000;

interface Due {
  readonly saga: string;
  readonly id: string;
  readonly name: string;
}

/**
 * Tells sagas that their time is over. Any number of processes may do it side by side: a lease keeps them from doing the
 * same work, and whether a timeout is still to be told is decided in the transaction that tells it.
 */
@Injectable()
export class SagaTimeoutScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Saga');
  private readonly wakeUp = new Sleeper();
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private sweptAt = 0;

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: SagasModuleOptions,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(SagaRegistry) private readonly registry: SagaRegistry,
    @Inject(SagaRunner) private readonly runner: SagaRunner,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(Pauses) private readonly pauses: Pauses,
  ) {}

  onApplicationBootstrap(): void {
    if (this.registry.sagas.length > 0) this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.wakeUp.wakeOne();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const waitMs = await this.round().catch((error: unknown) => {
        this.logger.warn(`Timeouts could not be looked at: ${describeFailure(error).message}`);
        return LOOK_MS;
      });
      if (!this.stopped && waitMs > 0) await this.wakeUp.sleep(waitMs);
    }
  }

  /** Tells what is due; returns for how long, in ms, nothing will be, as far as is known. */
  private async round(): Promise<number> {
    await this.sweep(this.registry.sagas.map(({ id }) => id));
    const sagas = await this.going();
    const [due] = (await this.dataSource.query(CLAIM_DUE.text, [sagas, LEASE_MS, BATCH])) as [Due[], number];
    if (due.length === 0) {
      const [next]: { inMs: number | null }[] = await this.dataSource.query(NEXT_DUE.text, [sagas]);
      return Math.min(LOOK_MS, Math.max(1, Math.ceil(next?.inMs ?? LOOK_MS)));
    }
    const queue = due.values();
    const worker = async () => {
      for (const one of queue) await this.tell(one);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, worker));
    return 0;
  }

  /** Those that are not paused: what would have kept them from running out of time may be among what waits for them. */
  private async going(): Promise<string[]> {
    await this.pauses.settle();
    return this.handlers.all
      .filter((handler) => this.registry.find(handler.id) && !this.pauses.isHandlerPaused(handler))
      .map(({ id }) => id);
  }

  /** What fails is told again when its lease has run out. */
  private async tell({ saga, id, name }: Due): Promise<void> {
    try {
      await this.runner.timeOut(this.registry.find(saga)!, id, name);
    } catch (error) {
      this.logger.warn(`${saga} could not be told of timeout ${name} and will be again: ${describeFailure(error).message}`);
    }
  }

  /** Events of stories that never began here are not kept for ever. */
  private async sweep(sagas: readonly string[]): Promise<void> {
    if (Date.now() - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = Date.now();
    const before = new Date(Date.now() - (this.options.rememberDays ?? 30) * 86_400_000);
    await this.dataSource.query(FORGET_EARLY, [sagas, before]);
  }
}
