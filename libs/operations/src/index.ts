export { OperationsModule } from './operations.module.js';
export type { OperationsModuleOptions } from './operations.options.js';

export { AuditController } from './admin/audit.controller.js';
export { ConsumersController } from './admin/consumers.controller.js';
export { DeadLettersController } from './admin/dead-letters.controller.js';
export { OutboxController } from './admin/outbox.controller.js';
export { AdminProjectionsController } from './admin/projections.controller.js';
export { AdminSagasController } from './admin/sagas.controller.js';
export { StoryController } from './admin/story.controller.js';
export { SubjectsController } from './admin/subjects.controller.js';

export { AlertStore } from './alerting/alert-store.js';
export { AlertChannel } from './alerting/alert.js';
export { ALERT_CHANNELS, AlertSender, channelsOf } from './alerting/alert-sender.js';
export type { AlertingOptions, AlertNotice, AlertRule, AlertThresholds } from './alerting/alert.js';
export { AlertMonitor } from './alerting/alert-monitor.js';

export { ArchiveError, verifyArchive } from './archive/archive.js';
export { exportTopic } from './archive/export-topic.js';
export { importTopic } from './archive/import-topic.js';

export { ErasesSubject } from './erasure/erases-subject.js';
export { Erasure } from './erasure/erasure.js';
export type { Forgotten } from './erasure/erasure.js';

export { BacklogMetrics } from './metrics/backlog-metrics.js';
export { MetricsController } from './metrics/metrics.controller.js';
export { ProcessMetrics } from './metrics/process-metrics.js';
export { BacklogStats } from './metrics/backlog-stats.js';

export { StorySearch } from './story/story-search.js';
export { DeliveryStatus } from './story/delivery-status.js';
