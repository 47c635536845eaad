import { setTimeout as pause } from 'node:timers/promises';
import { backOff, RECONNECT } from '@nestbox/kernel';
import { Broker, CrashPoints, EVENTING_OPTIONS, EventingError, MessageSpans, RecordReader } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { ConsumerModuleOptions } from '../consumer.options.js';
import { BoundHandlers, HandlerDiscovery } from '../handler/handler-discovery.js';
import { EVENTING_TRANSPORT } from '../handler/handler-mark.js';
import type { BoundHandler } from '../handler/handler-registry.js';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';
import { Parking } from '../parking/parking.js';
import { Undecodable } from '../parking/undecodable.js';
import { Pauses } from '../pause/pauses.js';
import { ConsumedGroup } from './consumed-group.js';
import { GroupConsumer } from './group-consumer.js';
import { KeyByKey, reactionLane } from './key-by-key.js';
import type { ProjectionRuntime } from './projection-runtime.js';

/**
 * The transport of event handlers. Connect it before the app is initialised:
 * `app.connectMicroservice({ strategy: app.get(EventConsumer) }, { inheritAppConfig: true })`. With `inheritAppConfig` the
 * app's global pipes, guards, interceptors and filters apply to handlers too.
 */
@Injectable()
export class EventConsumer extends Server implements CustomTransportStrategy, OnApplicationBootstrap {
  override readonly transportId = EVENTING_TRANSPORT;
  override propagatesEventHandlerErrors = true;
  private projections: ProjectionRuntime | undefined;
  private readonly groups: GroupConsumer[] = [];
  private readonly begun = new Set<GroupConsumer>();
  /** Groups that start after their projections have been seeded from states, and why those do not consume yet. */
  private readonly seeding: Promise<void>[] = [];
  private readonly unseeded = new Map<string, string>();
  /** The groups that have been joined so far. */
  readonly consumed: ConsumedGroup[] = [];
  private starting: Promise<void> = Promise.resolve();
  private startProblem: string | undefined = 'not listening yet';
  private closed = false;

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: ConsumerModuleOptions,
    private readonly broker: Broker,
    private readonly boundHandlers: BoundHandlers,
    private readonly parking: Parking,
    private readonly undecodable: Undecodable,
    private readonly crashPoints: CrashPoints,
    private readonly reader: RecordReader,
    private readonly metrics: ConsumerMetrics,
    private readonly spans: MessageSpans,
    private readonly pauses: Pauses,
    private readonly modules: ModulesContainer,
    private readonly discovery: HandlerDiscovery,
  ) {
    super();
  }

  /** Call it before the consumer listens. */
  runProjectionsWith(runtime: ProjectionRuntime): void {
    this.projections = runtime;
  }

  /** Refuses to start an app whose handlers would never be called (CONSUMER_NOT_CONNECTED). */
  onApplicationBootstrap(): void {
    if (this.options.consumer?.enabled === false || this.isConnected()) return;
    const ids = this.discovery.ids();
    if (ids.length > 0) throw notConnected(ids);
  }

  /** Refuses faulty handlers at once (HANDLER_INVALID). Waits in the background for a broker that is down. */
  listen(callback: (error?: unknown) => void): void {
    if (this.options.consumer?.enabled === false) return callback();
    try {
      for (const type of this.discovery.classes()) this.projections?.refuseFaulty(type);
      const handlers = this.discovery.bind(this.messageHandlers, this.options);
      if (!this.projections) handlers.filter(({ kind }) => kind === 'projection').forEach(refuseUnrun);
      this.boundHandlers.bind(handlers);
      this.group(handlers);
    } catch (error) {
      callback(error);
      return;
    }
    this.starting = this.start();
    callback();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const group of this.groups) group.stop();
    await this.starting;
    await Promise.all(this.seeding);
    await Promise.all(this.consumed.map((group) => group.stop()));
  }

  on(): never {
    throw new Error('The event consumer emits no events; read its health instead.');
  }

  unwrap<T>(): T {
    return this.broker as T;
  }

  /** Undefined when every group is consuming, otherwise what is wrong. */
  problem(): string | undefined {
    if (this.options.consumer?.enabled === false) return undefined;
    const problems = [this.startProblem, ...this.unseeded.values(), ...this.consumed.map((group) => group.problem())];
    return problems.find((problem) => problem !== undefined);
  }

  /** Nest keeps a list of the transports that were connected, and replays it to whoever subscribes. */
  private isConnected(): boolean {
    let connected = false;
    this.modules.getRpcTargetRegistry<unknown>().subscribe((target) => (connected ||= target === this)).unsubscribe();
    return connected;
  }

  private group(handlers: readonly BoundHandler[]): void {
    const { parking, metrics, spans, projections } = this;
    const keyByKey = new KeyByKey(parking, metrics, spans, this.options.consumer?.keyConcurrency ?? 8);
    const reaction = reactionLane(parking, keyByKey);
    const lanes = { reaction, projection: projections?.lane(keyByKey) ?? reaction };
    for (const name of new Set(handlers.map(({ group }) => group))) {
      const own = handlers.filter(({ group }) => group === name);
      this.groups.push(new GroupConsumer(name, own, lanes, this.undecodable, this.crashPoints, this.pauses, this.reader));
    }
  }

  private async start(): Promise<void> {
    for (let failures = 0; !this.closed; failures++) {
      try {
        await this.broker.connect();
        await this.broker.ensureTopics(this.options.topics);
        for (const group of this.groups.filter((one) => !this.begun.has(one))) {
          if (group.startsFromStates) this.seeding.push(this.fill(group));
          else await this.begin(group);
          this.begun.add(group);
        }
        this.startProblem = undefined;
        return;
      } catch (error) {
        this.startProblem = (error as Error).message;
        this.logger.warn(`The consumer cannot start yet: ${this.startProblem}`);
        await pause(backOff(failures, RECONNECT));
      }
    }
  }

  private async begin(group: GroupConsumer): Promise<void> {
    this.consumed.push(await ConsumedGroup.begin(this.broker, group, this.options.consumer ?? {}));
  }

  /** Other groups do not wait for a view that is being filled. */
  private async fill(group: GroupConsumer): Promise<void> {
    this.unseeded.set(group.group, 'joining the group');
    for (let failures = 0; !this.closed; failures++) {
      try {
        await this.projections!.seedGroup(group.group, () => !this.closed);
        if (!this.closed) await this.begin(group);
        this.unseeded.delete(group.group);
        return;
      } catch (error) {
        const { message } = error as Error;
        this.unseeded.set(group.group, message);
        this.logger.warn(`Group ${group.group} cannot be filled from states yet: ${message}`);
        await pause(backOff(failures, RECONNECT));
      }
    }
  }
}

function notConnected(ids: readonly string[]): EventingError {
  const cure = 'call app.connectMicroservice({ strategy: app.get(EventConsumer) }, { inheritAppConfig: true }) before app.init() or app.listen()';
  const some = ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', ');
  return new EventingError('CONSUMER_NOT_CONNECTED', `Nothing would call ${some}: ${cure}, or set consumer: { enabled: false }.`);
}

function refuseUnrun({ id }: BoundHandler): never {
  throw new EventingError('HANDLER_INVALID', `Handler ${id} is a projection and nothing runs those here: import ProjectionsModule.`);
}
