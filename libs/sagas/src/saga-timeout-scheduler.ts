import { BoundHandlers, Pauses } from '@nestbox/consumer';
import { RepeatedFailure, Sleeper } from '@nestbox/kernel';
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
/** When a process dies, its leased timeouts are free again after this. */
const LEASE_MS = 10_000;
/** Timeouts set by other processes are noticed within this time. */
const LOOK_MS = 400;
const SWEEP_MS = 60_000;

interface Due {
  readonly saga: string;
  readonly id: string;
  readonly name: string;
}

/**
 * Delivers due timeouts to sagas. Any number of processes may do so at once: a lease keeps them from duplicate work, and
 * the transaction that delivers a timeout checks that it is still due.
 */
@Injectable()
export class SagaTimeoutScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Saga');
  private readonly trouble = new RepeatedFailure('Reading timeouts', (line) => this.logger.warn(line));
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
        this.trouble.failed(`Timeouts could not be read, trying again: ${describeFailure(error).message}`);
        return LOOK_MS;
      });
      if (!this.stopped && waitMs > 0) await this.wakeUp.sleep(waitMs);
    }
  }

  /** Delivers what is due; returns the ms until the next known timeout, or 0 when more may be due. */
  private async round(): Promise<number> {
    await this.sweep(this.registry.sagas.map(({ id }) => id));
    const sagas = await this.unpaused();
    const [due] = (await this.dataSource.query(CLAIM_DUE.text, [sagas, LEASE_MS, BATCH])) as [Due[], number];
    this.trouble.worked();
    if (due.length === 0) {
      const [next]: { inMs: number | null }[] = await this.dataSource.query(NEXT_DUE.text, [sagas]);
      return Math.min(LOOK_MS, Math.max(1, Math.ceil(next?.inMs ?? LOOK_MS)));
    }
    const queue = due.values();
    const worker = async () => {
      for (const timeout of queue) await this.deliver(timeout);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, worker));
    return 0;
  }

  /** A paused saga gets no timeouts: the answer that it waits for may be among the events held back. */
  private async unpaused(): Promise<string[]> {
    await this.pauses.settle();
    return this.handlers.all
      .filter((handler) => this.registry.find(handler.id) && !this.pauses.isHandlerPaused(handler))
      .map(({ id }) => id);
  }

  /** A failed delivery is repeated when the lease has expired. */
  private async deliver({ saga, id, name }: Due): Promise<void> {
    try {
      await this.runner.handleTimeout(this.registry.find(saga)!, id, name);
    } catch (error) {
      this.logger.warn(`${saga} failed on timeout ${name}, trying again in ${LEASE_MS / 1000} s: ${describeFailure(error).message}`);
    }
  }

  /** Deletes old early events whose saga never started here. */
  private async sweep(sagas: readonly string[]): Promise<void> {
    if (Date.now() - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = Date.now();
    const before = new Date(Date.now() - (this.options.rememberDays ?? 30) * 86_400_000);
    await this.dataSource.query(FORGET_EARLY, [sagas, before]);
  }
}
