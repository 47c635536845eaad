import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { RepeatedFailure, Sleeper } from '@nestbox/kernel';
import { Broker, EVENTING_OPTIONS, CrashPoints, SchemaIdFraming, MessageSpans, PauseSwitch, processMark } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OutboxModuleOptions } from '../outbox.options.js';
import { OutboxSignal } from '../outbox/outbox-signal.js';
import { emptySlots, pruneKeys } from './janitor.js';
import { CREATE_LEASES, Lease } from './lease.js';
import { Publisher } from './publisher.js';
import { RelayConnection } from './relay-connection.js';
import { RelayMetrics } from './relay-metrics.js';
import { SliceRelay } from './slice-relay.js';

const SWEEP_MS = 15_000;

/** Publishes the context's outbox to the broker. One per process; leases decide which process works. */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Relay');
  private readonly trouble = new RepeatedFailure('The relay', (line) => this.logger.warn(line));
  private readonly holder = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}${processMark()}`;
  private readonly running: Promise<void>[] = [];
  private readonly sleepers: Sleeper[] = [];
  private stopped = false;
  private leases = 0;

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: OutboxModuleOptions,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(OutboxSignal) private readonly signal: OutboxSignal,
    @Inject(CrashPoints) private readonly crashPoints: CrashPoints,
    @Inject(PauseSwitch) private readonly pause: PauseSwitch,
    @Inject(RelayMetrics) private readonly metrics: RelayMetrics,
    @Inject(MessageSpans) private readonly spans: MessageSpans,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.relay?.enabled === false) return;
    const of = this.options.relay?.slices ?? 1;
    for (let index = 0; index < of; index++) this.running.push(this.keepRunning({ index, of }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const sleeper of this.sleepers) sleeper.wakeOne();
    await Promise.all(this.running);
  }

  private async keepRunning(slice: { index: number; of: number }): Promise<void> {
    const wakeUp = new Sleeper();
    this.sleepers.push(wakeUp);
    while (!this.stopped) {
      await this.session(slice, wakeUp).catch((error: Error) => {
        if (!this.stopped) this.trouble.failed(`The relay restarts in a second: ${error.message}`);
      });
      if (!this.stopped) await wakeUp.sleep(1_000);
    }
  }

  /** The lifetime of one connection: waits for the lease, then publishes while it is ours. */
  private async session(slice: { index: number; of: number }, wakeUp: Sleeper): Promise<void> {
    const { url } = this.dataSource.options as { url: string };
    let lost: Error | undefined;
    const connection = await RelayConnection.open(url, wakeUp.wakeOne, (error) => {
      lost = error;
      wakeUp.wakeOne();
    });
    try {
      // A missing topic would be a permanent refusal, and its keys would be set aside.
      await this.broker.connect();
      await this.broker.ensureTopics(this.options.topics);
      await connection.query(CREATE_LEASES, [slice.of]);
      this.trouble.worked();
      const lease = await this.waitForLease(connection, slice, wakeUp);
      if (lease) await this.lead(connection, lease, wakeUp, () => this.stopped || lost !== undefined);
      if (lost) throw lost;
    } finally {
      await connection.close();
    }
  }

  private async waitForLease(connection: RelayConnection, slice: { index: number; of: number }, wakeUp: Sleeper) {
    const { leaseMs = 10_000 } = this.options.relay ?? {};
    while (!this.stopped) {
      const lease = await Lease.take(connection, slice, this.holder, leaseMs);
      if (lease) return lease;
      await wakeUp.sleep(Math.min(1_000, leaseMs / 4));
    }
    return undefined;
  }

  private async lead(connection: RelayConnection, lease: Lease, wakeUp: Sleeper, stopping: () => boolean): Promise<void> {
    const { batchSize = 1000, pollMs = 500 } = this.options.relay ?? {};
    const framing = new SchemaIdFraming(connection, this.options.schemaRegistryUrl);
    const publisher = new Publisher(this.broker, connection, framing, this.spans);
    await publisher.load();
    const sweeper = setInterval(() => void this.sweep(connection), SWEEP_MS);
    this.signal.onWritten(wakeUp.wakeOne);
    this.signal.relayIsLocal = ++this.leases === lease.slice.of;
    try {
      await this.pause.settle();
      const hooks = {
        isPaused: () => this.pause.isOutboxPaused(),
        beforeMark: () => this.crashPoints.beforeMark(),
        onPublished: (count: number) => this.metrics.published.inc(count),
        onFailure: () => this.metrics.failures.inc(),
      };
      await new SliceRelay(connection, lease, publisher, wakeUp, { batchSize, pollMs, ...hooks }).run(stopping);
      await lease.release();
    } finally {
      this.leases -= 1;
      this.signal.relayIsLocal = false;
      this.signal.offWritten(wakeUp.wakeOne);
      clearInterval(sweeper);
    }
  }

  private async sweep(connection: RelayConnection): Promise<void> {
    const before = Date.now() - (this.options.rememberDays ?? 30) * 86_400_000;
    await emptySlots(this.dataSource, connection)
      .then(() => pruneKeys(this.dataSource, before))
      .catch((error: Error) => this.logger.warn(`Published events and old idempotency keys could not be swept: ${error.message}`));
  }
}
