import { Module } from '@nestjs/common';
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
import { StorySearch } from './story/story-search.js';
import { DeliveryStatus } from './story/delivery-status.js';

/** Closed unless `adminTokens` are given, but for the metrics. */
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

@Module({
  controllers: CONTROLLERS,
  providers: [{ provide: ALERT_CHANNELS, inject: [EVENTING_OPTIONS], useFactory: channelsOf }, ...PARTS],
  exports: PARTS,
})
export class OperationsModule {}
