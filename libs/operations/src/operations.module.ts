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
import { AlertBook } from './alerting/alert-book.js';
import { ALERT_CHANNELS, AlertSender, channelsOf } from './alerting/alert-sender.js';
import { Watch } from './alerting/watch.js';
import { Erasure } from './erasure/erasure.js';
import { BacklogMetrics } from './metrics/backlog-metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProcessMetrics } from './metrics/process-metrics.js';
import { VitalSigns } from './metrics/vital-signs.js';
import { StorySearch } from './story/story-search.js';
import { Whereabouts } from './story/whereabouts.js';

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

const PARTS = [AlertBook, AlertSender, BacklogMetrics, Erasure, ProcessMetrics, StorySearch, VitalSigns, Watch, Whereabouts];

@Module({
  controllers: CONTROLLERS,
  providers: [{ provide: ALERT_CHANNELS, inject: [EVENTING_OPTIONS], useFactory: channelsOf }, ...PARTS],
  exports: PARTS,
})
export class OperationsModule {}
