import { Repeater, withinMs } from '@nestbox/kernel';
import { Broker, byTopic, describeFailure, EVENTING_OPTIONS, Progress } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { ConsumerModuleOptions } from '../consumer.options.js';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';
import type { ConsumedGroup } from './consumed-group.js';
import { EventConsumer } from './event-consumer.js';
import { Watchdog } from './watchdog.js';

const LOOK_EVERY_MS = 5_000;
/** In ms. Readiness and alerts must not wait for a broker that is down. */
const BROKER_PATIENCE_MS = 4_000;

/** How far a group is behind on one topic, and for how long its slowest partition has not moved. */
export interface GroupLag {
  readonly group: string;
  readonly topic: string;
  readonly lag: number;
  readonly stalledMs: number;
}

/** A group that does not consume in this process; `downMs` is 0 while it does. */
export interface GroupDown {
  readonly group: string;
  readonly problem: string;
  readonly downMs: number;
  readonly waitsForOperator: boolean;
}

/** Reads the lag of every group of this process, updates the metrics, and calls the watchdog. */
@Injectable()
export class GroupMonitor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Consumer');
  private readonly progress = new Progress();
  private readonly everyMs: number;
  private readonly looking: Repeater;
  private lookedAt = -Infinity;

  constructor(
    @Inject(EVENTING_OPTIONS) options: ConsumerModuleOptions,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(EventConsumer) private readonly consumer: EventConsumer,
    @Inject(Watchdog) private readonly watchdog: Watchdog,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
  ) {
    this.everyMs = options.consumer?.monitorEveryMs ?? LOOK_EVERY_MS;
    this.looking = new Repeater(this.everyMs, () => this.lookUnlessLooked());
  }

  onApplicationBootstrap(): void {
    if (this.everyMs > 0) this.looking.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looking.stop();
  }

  async look(): Promise<{ readonly groups: readonly GroupLag[]; readonly down: readonly GroupDown[] }> {
    this.lookedAt = performance.now();
    const groups = (await Promise.all(this.consumer.consumed.map((group) => this.lookAt(group)))).flat();
    const down = this.consumer.consumed.map((one) => {
      const { group, waitsForOperator } = one;
      return { group, problem: one.problem() ?? '', downMs: one.downMs(), waitsForOperator };
    });
    for (const { group, downMs } of down) this.metrics.down.set({ group }, downMs > 0 ? 1 : 0);
    return { groups, down };
  }

  /** The alert monitor also calls `look`. In an app that has one, this timer does nothing. */
  private async lookUnlessLooked(): Promise<void> {
    if (performance.now() - this.lookedAt < 2 * this.everyMs) return;
    await this.look().catch((error: unknown) => this.logger.warn(`The lag of groups could not be read: ${describeFailure(error).message}`));
  }

  private async lookAt(consumed: ConsumedGroup): Promise<GroupLag[]> {
    const { group, topics } = consumed;
    // While the broker is down the lag is unknown. The readiness check reports that.
    const ask = () => this.broker.lag(group, topics).catch(() => undefined);
    const lags = await withinMs(BROKER_PATIENCE_MS, ask, () => undefined, { ref: false });
    const partitions = lags ? this.progress.look(group, lags, performance.now(), consumed.isPaused) : [];
    await this.watchdog.look(consumed, partitions);
    const states = byTopic(partitions).map((state) => ({ group, ...state }));
    for (const { topic, lag, stalledMs } of states) {
      this.metrics.lag.set({ group, topic }, lag);
      this.metrics.stalled.set({ group, topic }, stalledMs / 1_000);
    }
    return states;
  }
}
