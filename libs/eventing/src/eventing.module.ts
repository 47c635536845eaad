import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AuditController } from './admin/audit.controller.js';
import { ConsumersController } from './admin/consumers.controller.js';
import { DeadLettersController } from './admin/dead-letters.controller.js';
import { OutboxController } from './admin/outbox.controller.js';
import { AdminSagasController } from './admin/sagas.controller.js';
import { StoryController } from './admin/story.controller.js';
import { AdminProjectionsController } from './admin/projections.controller.js';
import { SubjectsController } from './admin/subjects.controller.js';
import { AlertBook } from './alerting/alert-book.js';
import { ALERT_CHANNELS, AlertSender, channelsOf } from './alerting/alert-sender.js';
import { Watch } from './alerting/watch.js';
import { Broker } from './broker/broker.js';
import { createBroker } from './broker/create-broker.js';
import { BoundHandlers } from './consumer/bound-handlers.js';
import { EventConsumer } from './consumer/event-consumer.js';
import { GroupMonitor } from './consumer/group-monitor.js';
import { Watchdog } from './consumer/watchdog.js';
import { Erasure } from './erasure/erasure.js';
import { Privacy } from './erasure/privacy.js';
import { EventingHealth } from './eventing.health.js';
import { EVENTING_OPTIONS } from './messaging.options.js';
import type { EventingAsyncOptions, EventingOptions } from './eventing.options.js';
import { Audit } from './audit/audit.js';
import { DeadLetters } from './failure/dead-letters.js';
import { DelayedRetries } from './failure/delayed-retries.js';
import { Faults, NO_FAULTS } from './failure/faults.js';
import { LetterDesk } from './failure/letter-desk.js';
import { Parking } from './failure/parking.js';
import { Redriver } from './failure/redriver.js';
import { Undecodable } from './failure/undecodable.js';
import { IdempotencyKeyInterceptor } from './inbox/idempotency-key.interceptor.js';
import { IdempotencyInterceptor } from './inbox/idempotency.interceptor.js';
import { InboxPruner } from './inbox/inbox-pruner.js';
import { Inbox } from './inbox/inbox.js';
import { OutboxRoom } from './outbox/outbox-room.js';
import { OutboxSignal } from './outbox/outbox-signal.js';
import { OutboxInterceptor } from './outbox/outbox.interceptor.js';
import { Outbox } from './outbox/outbox.js';
import { PauseSwitch } from './pause/pause-switch.js';
import { Pauses } from './pause/pauses.js';
import { AppliedSignal } from './projection/applied-signal.js';
import { Bootstraps } from './projection/bootstraps.js';
import { GenerationBuilder } from './projection/generation-builder.js';
import { GenerationCleaner } from './projection/generation-cleaner.js';
import { Generations } from './projection/generations.js';
import { ProjectionConsumer } from './projection/projection-consumer.js';
import { ProjectionRuns } from './projection/projection-runs.js';
import { Projections } from './projection/projections.js';
import { Promotion } from './projection/promotion.js';
import { ProjectionWaits } from './projection/projection-waits.js';
import { RelayLeases } from './relay/relay-leases.js';
import { RelayMetrics } from './relay/relay-metrics.js';
import { Relay } from './relay/relay.js';
import { SagaRegistry } from './saga/saga-registry.js';
import { SagaRunner } from './saga/saga-runner.js';
import { SagaStore } from './saga/saga-store.js';
import { Sagas } from './saga/sagas.js';
import { Timekeeper } from './saga/timekeeper.js';
import { RecordReader } from './schema/record-reader.js';
import { SchemaMetrics } from './schema/schema-metrics.js';
import { SchemaCache } from './schema/schema-cache.js';
import { StorySearch } from './story/story-search.js';
import { Whereabouts } from './story/whereabouts.js';
import { MetricsController } from './telemetry/metrics.controller.js';
import { MessageSpans } from './telemetry/message-spans.js';
import { BacklogMetrics } from './telemetry/backlog-metrics.js';
import { ConsumerMetrics } from './telemetry/consumer-metrics.js';
import { MetricsRegistry } from './telemetry/metrics-registry.js';
import { ProcessMetrics } from './telemetry/process-metrics.js';
import { VitalSigns } from './telemetry/vital-signs.js';

const FRONT = [
  BoundHandlers,
  DeadLetters,
  Erasure,
  EventConsumer,
  EventingHealth,
  IdempotencyInterceptor,
  IdempotencyKeyInterceptor,
  Inbox,
  MetricsRegistry,
  Outbox,
  OutboxInterceptor,
  Pauses,
  ProjectionWaits,
  Projections,
  Sagas,
];

const BACK = [
  BacklogMetrics,
  ConsumerMetrics,
  GroupMonitor,
  InboxPruner,
  PauseSwitch,
  ProjectionConsumer,
  RelayMetrics,
  SchemaMetrics,
  AlertBook,
  AlertSender,
  AppliedSignal,
  Audit,
  Bootstraps,
  DelayedRetries,
  GenerationBuilder,
  GenerationCleaner,
  Generations,
  LetterDesk,
  MessageSpans,
  OutboxRoom,
  OutboxSignal,
  Parking,
  Privacy,
  ProcessMetrics,
  ProjectionRuns,
  Promotion,
  Redriver,
  RecordReader,
  Relay,
  RelayLeases,
  SagaRegistry,
  SagaRunner,
  SagaStore,
  SchemaCache,
  StorySearch,
  Timekeeper,
  Undecodable,
  VitalSigns,
  Watch,
  Watchdog,
  Whereabouts,
];

/** Those of operators are closed unless `adminTokens` are given. */
const DOORS = [
  AdminProjectionsController,
  AdminSagasController,
  AuditController,
  ConsumersController,
  DeadLettersController,
  MetricsController,
  OutboxController,
  StoryController,
  SubjectsController,
];

/** Outbox, relay, consumer and inbox of one context. Global within the app; needs DatabaseModule beside it. */
@Module({})
export class EventingModule implements OnApplicationShutdown {
  constructor(@Inject(Broker) private readonly broker: Broker) {}

  static forRoot(options: EventingOptions): DynamicModule {
    return EventingModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ imports = [], inject = [], useFactory }: EventingAsyncOptions): DynamicModule {
    return {
      module: EventingModule,
      global: true,
      imports: [DiscoveryModule, ...imports],
      controllers: DOORS,
      providers: [
        { provide: EVENTING_OPTIONS, inject, useFactory },
        {
          provide: Broker,
          inject: [EVENTING_OPTIONS],
          useFactory: ({ broker, context }: EventingOptions) => createBroker(broker, context),
        },
        { provide: Faults, useValue: NO_FAULTS },
        { provide: ALERT_CHANNELS, inject: [EVENTING_OPTIONS], useFactory: channelsOf },
        ...BACK,
        ...FRONT,
      ],
      exports: [Broker, EVENTING_OPTIONS, ...FRONT],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.broker.close();
  }
}
