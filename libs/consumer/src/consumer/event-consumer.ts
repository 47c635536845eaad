import { setTimeout as pause } from 'node:timers/promises';
import { backOff } from '@nestbox/kernel';
import { Broker, EVENTING_OPTIONS, EventingError, CrashPoints, MessageSpans, RecordReader } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { ConsumerModuleOptions } from '../consumer.options.js';
import { BoundHandlers } from '../handler/bound-handlers.js';
import { EVENTING_TRANSPORT } from '../handler/handler-mark.js';
import { bindHandlers } from '../handler/handler-registry.js';
import type { BoundHandler } from '../handler/handler-registry.js';
import type { HandlerSource } from '../handler/handler-source.js';
import { Parking } from '../parking/parking.js';
import { Undecodable } from '../parking/undecodable.js';
import { Pauses } from '../pause/pauses.js';
import { ConsumedGroup } from './consumed-group.js';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';
import { GroupConsumer } from './group-consumer.js';
import { KeyByKey, reactionLane } from './key-by-key.js';
import type { ProjectionRuntime } from './projection-runtime.js';

/**
 * The transport that event handlers hang on. `app.connectMicroservice({ strategy: app.get(EventConsumer) })`; with
 * `inheritAppConfig` the app's pipes, guards, interceptors and filters apply to handlers too.
 */
@Injectable()
export class EventConsumer extends Server implements CustomTransportStrategy {
  override readonly transportId = EVENTING_TRANSPORT;
  override propagatesEventHandlerErrors = true;
  private readonly sources: HandlerSource[] = [];
  private projections: ProjectionRuntime | undefined;
  private readonly groups: GroupConsumer[] = [];
  private readonly begun = new Set<GroupConsumer>();
  /** Groups that begin once their views have been filled from states, and why one of them does not. */
  private readonly filling: Promise<void>[] = [];
  private fillProblem: string | undefined;
  /** Those that have been joined so far. */
  readonly consumed: ConsumedGroup[] = [];
  private starting: Promise<void> = Promise.resolve();
  private startProblem: string | undefined = 'not listening yet';
  private closed = false;

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: ConsumerModuleOptions,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(BoundHandlers) private readonly boundHandlers: BoundHandlers,
    @Inject(Parking) private readonly parking: Parking,
    @Inject(Undecodable) private readonly undecodable: Undecodable,
    @Inject(CrashPoints) private readonly crashPoints: CrashPoints,
    @Inject(RecordReader) private readonly reader: RecordReader,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
    @Inject(MessageSpans) private readonly spans: MessageSpans,
    @Inject(Pauses) private readonly pauses: Pauses,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {
    super();
  }

  /** More handlers than those that are marked; to be said before the consumer listens. */
  addSource(source: HandlerSource): void {
    this.sources.push(source);
  }

  /** Who runs projections; to be said before the consumer listens. */
  runProjectionsWith(runtime: ProjectionRuntime): void {
    this.projections = runtime;
  }

  /** Refuses faulty handlers at once (HANDLER_INVALID); a broker that is down is waited for in the background. */
  listen(callback: (error?: unknown) => void): void {
    try {
      for (const { controllers } of this.modules.values()) {
        for (const { metatype } of controllers.values()) if (metatype) this.projections?.refuseFaulty(metatype as Type);
      }
      const handlers = bindHandlers(this.messageHandlers, this.options);
      for (const source of this.sources) handlers.push(...source.bind(handlers));
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
    await Promise.all(this.filling);
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
    if (this.startProblem ?? this.fillProblem) return this.startProblem ?? this.fillProblem;
    return this.consumed.map((group) => group.problem()).find((problem) => problem !== undefined);
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
          if (group.startsFromStates) this.filling.push(this.fill(group));
          else await this.begin(group);
          this.begun.add(group);
        }
        this.startProblem = undefined;
        return;
      } catch (error) {
        this.startProblem = (error as Error).message;
        this.logger.warn(`The consumer cannot start yet: ${this.startProblem}`);
        await pause(backOff(failures, { firstMs: 200 }));
      }
    }
  }

  private async begin(group: GroupConsumer): Promise<void> {
    this.consumed.push(await ConsumedGroup.begin(this.broker, group, this.options.consumer ?? {}));
  }

  /** Other groups do not wait for a view that is being filled. */
  private async fill(group: GroupConsumer): Promise<void> {
    for (let failures = 0; !this.closed; failures++) {
      try {
        await this.projections!.seedGroup(group.group, () => !this.closed);
        if (!this.closed) await this.begin(group);
        this.fillProblem = undefined;
        return;
      } catch (error) {
        this.fillProblem = (error as Error).message;
        this.logger.warn(`Group ${group.group} cannot be filled from states yet: ${this.fillProblem}`);
        await pause(backOff(failures, { firstMs: 200 }));
      }
    }
  }
}

function refuseUnrun({ id }: BoundHandler): never {
  throw new EventingError('HANDLER_INVALID', `Handler ${id} is a projection and nothing runs those here: import ProjectionsModule.`);
}
