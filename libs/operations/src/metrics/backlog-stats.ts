import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BacklogMetrics } from './backlog-metrics.js';
import { OUTBOX, PARKED } from './backlog-stats.sql.js';

/** What waits in the context's tables; the same for all of its processes. */
export interface Backlog {
  readonly outbox: { readonly waiting: number; readonly oldestSeconds: number; readonly refused: number };
  readonly parked: readonly ParkedBacklog[];
}

export interface ParkedBacklog {
  readonly handler: string;
  /** Keys whose head waits for an operator. */
  readonly parkedKeys: number;
  /** Keys whose head is retried automatically. */
  readonly retriedKeys: number;
  /** Events that wait for an operator, those behind a head included. */
  readonly deadLetters: number;
  readonly oldestSeconds: number;
}

/** The tables are queried no more often than this, however many callers there are. */
const FRESH_MS = 2_000;

@Injectable()
export class BacklogStats {
  private latest: { readonly at: number; readonly backlog: Promise<Backlog> } | undefined;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(BacklogMetrics) private readonly metrics: BacklogMetrics,
  ) {}

  /** At most two seconds old; rejects with the database's error. */
  read(): Promise<Backlog> {
    if (!this.latest || performance.now() - this.latest.at > FRESH_MS) {
      this.latest = { at: performance.now(), backlog: this.ask() };
    }
    return this.latest.backlog;
  }

  /** Removes the figures, so that no stale ones are exported. */
  forget(): void {
    this.latest = undefined;
    const { outboxEvents, outboxOldest, refusedEvents, parkedKeys, retriedKeys, deadLetters, oldestParked } = this.metrics;
    for (const gauge of [outboxEvents, outboxOldest, refusedEvents]) gauge.remove();
    for (const gauge of [parkedKeys, retriedKeys, deadLetters, oldestParked]) gauge.reset();
  }

  private async ask(): Promise<Backlog> {
    const [[outbox], parked] = await Promise.all([
      this.dataSource.query<Backlog['outbox'][]>(OUTBOX),
      this.dataSource.query<ParkedBacklog[]>(PARKED),
    ]);
    const backlog = { outbox: outbox!, parked };
    this.show(backlog);
    return backlog;
  }

  private show({ outbox, parked }: Backlog): void {
    const { metrics } = this;
    metrics.outboxEvents.set(outbox.waiting);
    metrics.outboxOldest.set(outbox.oldestSeconds);
    metrics.refusedEvents.set(outbox.refused);
    for (const gauge of [metrics.parkedKeys, metrics.retriedKeys, metrics.deadLetters, metrics.oldestParked]) gauge.reset();
    for (const { handler, ...backlog } of parked) {
      metrics.parkedKeys.set({ handler }, backlog.parkedKeys);
      metrics.retriedKeys.set({ handler }, backlog.retriedKeys);
      metrics.deadLetters.set({ handler }, backlog.deadLetters);
      metrics.oldestParked.set({ handler }, backlog.oldestSeconds);
    }
  }
}
