import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { withinMs } from '@nestbox/kernel';
import { Broker } from '../broker/broker.js';
import type { ConsumedGroup } from '../consumer/consumed-group.js';
import { EventConsumer } from '../consumer/event-consumer.js';
import { Watchdog } from '../consumer/watchdog.js';
import { EVENTING_OPTIONS } from '../eventing.options.js';
import type { EventingOptions } from '../eventing.options.js';
import { describeFailure } from '../failure/attempt.js';
import { Sagas } from '../saga/sagas.js';
import { Metrics } from '../telemetry/metrics.js';
import { byTopic, Progress } from '../telemetry/progress.js';
import { VitalSigns } from '../telemetry/vital-signs.js';
import { RULES } from './alert.js';
import { AlertBook } from './alert-book.js';
import { AlertSender } from './alert-sender.js';
import { CLEAR_AFTER_MS, WATCH_EVERY_MS } from './alerting.options.js';
import { findingsOf } from './rules.js';
import type { GroupState, Look } from './rules.js';
import { post } from './webhook.alert-channel.js';

const HEARTBEAT_MS = 60_000;
/** A broker that is away must not keep the watch from what else there is to see. */
const BROKER_PATIENCE_MS = 4_000;

/** Looks at the context's health every few seconds, and sees to it that somebody hears of what is wrong. */
@Injectable()
export class Watch implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('Watch');
  private readonly progress = new Progress();
  private readonly everyMs: number;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private closed = false;
  private heartbeatAt = -HEARTBEAT_MS;
  private told: string | undefined;

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: EventingOptions,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(EventConsumer) private readonly consumer: EventConsumer,
    @Inject(VitalSigns) private readonly vitalSigns: VitalSigns,
    @Inject(Watchdog) private readonly watchdog: Watchdog,
    @Inject(AlertBook) private readonly book: AlertBook,
    @Inject(AlertSender) private readonly sender: AlertSender,
    @Inject(Metrics) private readonly metrics: Metrics,
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
    const groups = await this.lookAtGroups();
    const down = this.consumer.consumed.map((group) => ({
      group: group.group, problem: group.problem() ?? '', downMs: group.downMs(),
    }));
    for (const { group, downMs } of down) this.metrics.consumerDown.set({ group }, downMs > 0 ? 1 : 0);
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

  private async lookAtGroups(): Promise<GroupState[]> {
    return (await Promise.all(this.consumer.consumed.map((group) => this.lookAtGroup(group)))).flat();
  }

  private async lookAtGroup(consumed: ConsumedGroup): Promise<GroupState[]> {
    const { group, topics } = consumed;
    // Nothing is known while the broker is away; the outbox's age and the readiness tell of that.
    const ask = () => this.broker.lag(group, topics).catch(() => undefined);
    const lags = await withinMs(BROKER_PATIENCE_MS, ask, () => undefined, { ref: false });
    const partitions = lags ? this.progress.look(group, lags, performance.now(), consumed.isPaused) : [];
    await this.watchdog.look(consumed, partitions);
    const states = byTopic(partitions).map((state) => ({ group, ...state }));
    for (const { topic, lag, stalledMs } of states) {
      this.metrics.consumerLag.set({ group, topic }, lag);
      this.metrics.consumerStalled.set({ group, topic }, stalledMs / 1_000);
    }
    return states;
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
