import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DiscoveryModule, RouterModule } from '@nestjs/core';
import { ACCESS_OPTIONS } from '@nestbox/access';
import type { AccessOptions } from '@nestbox/access';
import { EVENTING_OPTIONS } from '@nestbox/messaging';
import { AuditController } from './admin/audit.controller.js';
import { ConsumersController } from './admin/consumers.controller.js';
import { DeadLettersController } from './admin/dead-letters.controller.js';
import { OutboxController } from './admin/outbox.controller.js';
import { AdminProjectionsController } from './admin/projections.controller.js';
import { AdminSagasController } from './admin/sagas.controller.js';
import { StoryController } from './admin/story.controller.js';
import { SubjectsController } from './admin/subjects.controller.js';
import { AlertStore } from './alerting/alert-store.js';
import { ALERT_CHANNELS, AlertSender, channelsOf } from './alerting/alert-sender.js';
import { AlertMonitor } from './alerting/alert-monitor.js';
import { Erasure } from './erasure/erasure.js';
import { BacklogMetrics } from './metrics/backlog-metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProcessMetrics } from './metrics/process-metrics.js';
import { BacklogStats } from './metrics/backlog-stats.js';
import type { OperationsModuleOptions } from './operations.options.js';
import { StorySearch } from './story/story-search.js';
import { DeliveryStatus } from './story/delivery-status.js';

/** Closed unless `operators` are given. The metrics are open where no global `AccessGuard` closes them. */
const CONTROLLERS = [
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

const PARTS = [AlertStore, AlertSender, BacklogMetrics, Erasure, ProcessMetrics, StorySearch, BacklogStats, AlertMonitor, DeliveryStatus];

/** Doors for operators, metrics and alerts. Beside the other modules; leave it out where nobody needs them. */
@Module({
  imports: [DiscoveryModule],
  controllers: CONTROLLERS,
  providers: [
    { provide: ACCESS_OPTIONS, inject: [EVENTING_OPTIONS], useFactory: ({ operators }: OperationsModuleOptions): AccessOptions => ({ operators }) },
    { provide: ALERT_CHANNELS, inject: [EVENTING_OPTIONS], useFactory: channelsOf },
    ...PARTS,
  ],
  exports: PARTS,
})
export class OperationsModule {
  /** Under a path: with `ops`, `/admin/…` and `/metrics` are served at `/ops/admin/…` and `/ops/metrics`. */
  static under(path: string): DynamicModule {
    return { module: OperationsModule, imports: [RouterModule.register([{ path, module: OperationsModule }])] };
  }
}
