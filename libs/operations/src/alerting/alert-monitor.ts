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
import { RULES } from './alert.js';
import { CLEAR_AFTER_MS, WATCH_EVERY_MS } from './alerting.options.js';
import { findingsOf } from './rules.js';
import type { Look } from './rules.js';
import { post } from './webhook.alert-channel.js';

const HEARTBEAT_MS = 60_000;

/** Looks at the context's health every few seconds, and sees to it that somebody hears of what is wrong. */
@Injectable()
export class AlertMonitor implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('AlertMonitor');
  private readonly everyMs: number;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private closed = false;
  private heartbeatAt = -HEARTBEAT_MS;
  private told: string | undefined;

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: OperationsModuleOptions,
    @Inject(GroupMonitor) private readonly monitor: GroupMonitor,
    @Inject(BacklogStats) private readonly vitalSigns: BacklogStats,
    @Inject(AlertStore) private readonly book: AlertStore,
    @Inject(AlertSender) private readonly sender: AlertSender,
    @Inject(BacklogMetrics) private readonly metrics: BacklogMetrics,
    @Inject(Sagas) private readonly sagas: Sagas,
  ) {
    this.everyMs = options.alerting?.everyMs ?? WATCH_EVERY_MS;
  }

  onApplicationBootstrap(): void {
    if (this.everyMs > 0) this.lookLater();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sender.close();
  }

  private lookLater(): void {
    this.timer = setTimeout(() => {
      this.running = this.look().then(
        () => (this.told = undefined),
        (error: unknown) => this.tellOnce(describeFailure(error).message),
      ).then(() => {
        if (!this.closed) this.lookLater();
      });
    }, this.everyMs);
  }

  private async look(): Promise<void> {
    const { groups, down } = await this.monitor.look();
    const stuck = await this.sagas.stuck();
    this.metrics.stuckSagas.reset();
    for (const { saga, stuck: count } of stuck) this.metrics.stuckSagas.set({ handler: saga }, count);
    await this.lookAtSagas();
    await this.alert({ signs: await this.vitalSigns.read(), groups, down, stuck });
    this.metrics.watched.set(Date.now() / 1_000);
    await this.beat();
  }

  private async lookAtSagas(): Promise<void> {
    const { openSagas, oldestSaga } = this.metrics;
    const open = await this.sagas.open();
    openSagas.reset();
    oldestSaga.reset();
    for (const { saga, status, open: count } of open) openSagas.set({ handler: saga, status }, count);
    for (const saga of new Set(open.map((one) => one.saga))) {
      oldestSaga.set({ handler: saga }, Math.max(...open.filter((one) => one.saga === saga).map((one) => one.oldestSeconds)));
    }
  }

  private async alert(look: Look): Promise<void> {
    const { thresholds, clearAfterMs = CLEAR_AFTER_MS } = this.options.alerting ?? {};
    await this.book.note(findingsOf(look, thresholds), this.sender.channelNames, clearAfterMs);
    const open = new Map((await this.book.open()).map(({ rule, count }) => [rule, count]));
    for (const rule of RULES) this.metrics.alerts.set({ rule }, open.get(rule) ?? 0);
    await this.sender.sendAll();
  }

  private async beat(): Promise<void> {
    const { heartbeatUrl } = this.options.alerting ?? {};
    if (!heartbeatUrl || performance.now() - this.heartbeatAt < HEARTBEAT_MS) return;
    this.heartbeatAt = performance.now();
    await this.book.forgetOld();
    await post(heartbeatUrl, { context: this.options.context, at: new Date().toISOString() }).catch((error: unknown) =>
      this.logger.warn(`The heartbeat was not taken: ${describeFailure(error).message}`),
    );
  }

  private tellOnce(fault: string): void {
    if (this.told !== fault) this.logger.warn(`The context's health cannot be looked at: ${fault}`);
    this.told = fault;
  }
}
