import { GroupMonitor } from '@nestbox/consumer';
import { describeFailure, EVENTING_OPTIONS } from '@nestbox/messaging';
import { Sagas } from '@nestbox/sagas';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { BacklogMetrics } from '../metrics/backlog-metrics.js';
import { BacklogStats } from '../metrics/backlog-stats.js';
import type { OperationsModuleOptions } from '../operations.options.js';
import { AlertStore } from './alert-store.js';
import { AlertSender } from './alert-sender.js';
import { CLEAR_AFTER_MS, RULES, WATCH_EVERY_MS } from './alert.js';
import { findingsOf } from './rules.js';
import type { ContextHealth } from './rules.js';
import { post } from './webhook.alert-channel.js';

const HEARTBEAT_MS = 60_000;

/** Checks the context's health every few seconds; raises and clears alerts. */
@Injectable()
export class AlertMonitor implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('AlertMonitor');
  private readonly everyMs: number;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private closed = false;
  private heartbeatAt = -HEARTBEAT_MS;
  private lastFault: string | undefined;

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: OperationsModuleOptions,
    @Inject(GroupMonitor) private readonly monitor: GroupMonitor,
    @Inject(BacklogStats) private readonly backlogStats: BacklogStats,
    @Inject(AlertStore) private readonly store: AlertStore,
    @Inject(AlertSender) private readonly sender: AlertSender,
    @Inject(BacklogMetrics) private readonly metrics: BacklogMetrics,
    @Inject(Sagas) private readonly sagas: Sagas,
  ) {
    this.everyMs = options.alerting?.everyMs ?? WATCH_EVERY_MS;
  }

  onApplicationBootstrap(): void {
    if (this.everyMs > 0) this.scheduleCheck();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sender.close();
  }

  private scheduleCheck(): void {
    this.timer = setTimeout(() => {
      this.running = this.check().then(
        () => (this.lastFault = undefined),
        (error: unknown) => this.warnOnce(describeFailure(error).message),
      ).then(() => {
        if (!this.closed) this.scheduleCheck();
      });
    }, this.everyMs);
  }

  private async check(): Promise<void> {
    const { groups, down } = await this.monitor.look();
    const stuck = await this.sagas.stuck();
    this.metrics.stuckSagas.reset();
    for (const { saga, stuck: count } of stuck) this.metrics.stuckSagas.set({ handler: saga }, count);
    await this.measureSagas();
    await this.alert({ backlog: await this.backlogStats.read(), groups, down, stuck });
    this.metrics.watched.set(Date.now() / 1_000);
    await this.beat();
  }

  private async measureSagas(): Promise<void> {
    const { openSagas, oldestSaga } = this.metrics;
    const open = await this.sagas.open();
    openSagas.reset();
    oldestSaga.reset();
    for (const { saga, status, open: count } of open) openSagas.set({ handler: saga, status }, count);
    for (const saga of new Set(open.map((one) => one.saga))) {
      oldestSaga.set({ handler: saga }, Math.max(...open.filter((one) => one.saga === saga).map((one) => one.oldestSeconds)));
    }
  }

  private async alert(health: ContextHealth): Promise<void> {
    const { thresholds, clearAfterMs = CLEAR_AFTER_MS } = this.options.alerting ?? {};
    await this.store.note(findingsOf(health, thresholds), this.sender.channelNames, clearAfterMs);
    const open = new Map((await this.store.open()).map(({ rule, count }) => [rule, count]));
    for (const rule of RULES) this.metrics.alerts.set({ rule }, open.get(rule) ?? 0);
    await this.sender.sendAll();
  }

  private async beat(): Promise<void> {
    const { heartbeatUrl } = this.options.alerting ?? {};
    if (!heartbeatUrl || performance.now() - this.heartbeatAt < HEARTBEAT_MS) return;
    this.heartbeatAt = performance.now();
    await this.store.forgetOld();
    await post(heartbeatUrl, { context: this.options.context, at: new Date().toISOString() }).catch((error: unknown) =>
      this.logger.warn(`The heartbeat failed: ${describeFailure(error).message}`),
    );
  }

  private warnOnce(fault: string): void {
    if (this.lastFault !== fault) this.logger.warn(`The context's health could not be checked: ${fault}`);
    this.lastFault = fault;
  }
}
