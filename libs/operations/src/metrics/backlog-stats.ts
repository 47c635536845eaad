import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BacklogMetrics } from './backlog-metrics.js';
import { OUTBOX, PARKED } from './backlog-stats.sql.js';

/** The part of a context's health that is in its tables: the same for all of its processes. */
export interface Signs {
  readonly outbox: { readonly waiting: number; readonly oldestSeconds: number; readonly refused: number };
  readonly parked: readonly ParkedSigns[];
}

export interface ParkedSigns {
  readonly handler: string;
  /** Keys whose head waits for an operator. */
  readonly parkedKeys: number;
  /** Keys whose head is handed over again by itself. */
  readonly retriedKeys: number;
  /** Events that wait for an operator, those behind a head included. */
  readonly deadLetters: number;
  readonly oldestSeconds: number;
}

/** However many ask, the tables are asked no more often. */
const FRESH_MS = 2_000;

@Injectable()
export class BacklogStats {
  private latest: { readonly at: number; readonly signs: Promise<Signs> } | undefined;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(BacklogMetrics) private readonly metrics: BacklogMetrics,
  ) {}

  /** At most two seconds old; rejects with the database's error. */
  read(): Promise<Signs> {
    if (!this.latest || performance.now() - this.latest.at > FRESH_MS) {
      this.latest = { at: performance.now(), signs: this.ask() };
    }
    return this.latest.signs;
  }

  /** Rather no figure than one of which nobody knows how old it is. */
  forget(): void {
    this.latest = undefined;
    const { outboxEvents, outboxOldest, refusedEvents, parkedKeys, retriedKeys, deadLetters, oldestParked } = this.metrics;
    for (const gauge of [outboxEvents, outboxOldest, refusedEvents]) gauge.remove();
    for (const gauge of [parkedKeys, retriedKeys, deadLetters, oldestParked]) gauge.reset();
  }

  private async ask(): Promise<Signs> {
    const [[outbox], parked] = await Promise.all([
      this.dataSource.query<Signs['outbox'][]>(OUTBOX),
      this.dataSource.query<ParkedSigns[]>(PARKED),
    ]);
    const signs = { outbox: outbox!, parked };
    this.show(signs);
    return signs;
  }

  private show({ outbox, parked }: Signs): void {
    const { metrics } = this;
    metrics.outboxEvents.set(outbox.waiting);
    metrics.outboxOldest.set(outbox.oldestSeconds);
    metrics.refusedEvents.set(outbox.refused);
    for (const gauge of [metrics.parkedKeys, metrics.retriedKeys, metrics.deadLetters, metrics.oldestParked]) gauge.reset();
    for (const { handler, ...signs } of parked) {
      metrics.parkedKeys.set({ handler }, signs.parkedKeys);
      metrics.retriedKeys.set({ handler }, signs.retriedKeys);
      metrics.deadLetters.set({ handler }, signs.deadLetters);
      metrics.oldestParked.set({ handler }, signs.oldestSeconds);
    }
  }
}
