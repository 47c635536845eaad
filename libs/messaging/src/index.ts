export { CrashPoints, NO_CRASHES } from './crash-points.js';
export { EventingError } from './eventing.error.js';
export type { EventingErrorCode } from './eventing.error.js';
export { MessagingModule } from './messaging.module.js';
export { EVENTING_OPTIONS } from './messaging.options.js';
export type { AsyncOptions, MessagingModuleOptions, MessagingOptions } from './messaging.options.js';
export { PauseSwitch } from './pause-switch.js';
export type { OutboxPause } from './pause-switch.js';

export { assign } from './broker/assignment.js';
export type { GroupMember } from './broker/assignment.js';
export type { BrokerLog } from './broker/broker-log.js';
export { Broker } from './broker/broker.js';
export type {
  BatchControl,
  BatchHandler,
  BrokerRecord,
  OutgoingRecord,
  PartitionBatch,
  PartitionBounds,
  PartitionLag,
  ReadingPlace,
  SubscribeOptions,
  Subscription,
  TopicPartition,
  TopicSpec,
} from './broker/broker.js';
export { partitionLag } from './broker/lag.js';
export type { Fetched, GroupView, LeasedLog, LeasedPartition, LogChange, TakenPartition } from './broker/leased-log.js';
export { LeasedSubscription } from './broker/leased-subscription.js';
export { nestLog } from './broker/nest-log.js';
export { PartitionRunner } from './broker/partition-runner.js';
export { partitionOf } from './broker/partitioner.js';
export { HEADER_COUNT, MAX_HEADERS, refuseTooLarge } from './broker/record-limit.js';
export { refuseDrift, SEVEN_DAYS_MS } from './broker/topic-drift.js';
export type { TopicAsFound } from './broker/topic-drift.js';

export { KEY_IS_FRESH_MS, FieldEncryption } from './encryption/field-encryption.js';
export { SubjectKeys } from './encryption/subject-keys.js';
export type { SubjectKey } from './encryption/subject-keys.js';

export { clean, describeFailure, redact } from './failure/attempt.js';
export type { FailedAttempt } from './failure/attempt.js';
export { conceal } from './failure/conceal.js';

export { asMessage, conform, conformTo, conformToMark, decode, keyOf, typeInHeaders } from './message/event-message.js';
export type { CommandMessage, EventMessage } from './message/event-message.js';
export { SchemaIdFraming } from './message/schema-id-framing.js';
export { ENCODING_HEADER, encodingOf } from './message/encoding.js';
export type { MessageEncoding } from './message/encoding.js';
export { formatPosition, MOST_IN_POSITION, parsePosition } from './message/position.js';
export type { Position, Written } from './message/position.js';
export { RecordReader } from './message/record-reader.js';
export { SchemaCache } from './message/schema-cache.js';
export { SchemaMetrics } from './message/schema-metrics.js';
export { encode, encodeForSubject } from './message/encode.js';
export type { EncodableMessage, EncodedMessage, WaitingMessage } from './message/encode.js';
export { readState } from './message/state-message.js';
export type { StateMessage } from './message/state-message.js';
export { envelopeOf } from './message/envelope-headers.js';
export { EncodedPayload, WriterSchema } from './message/encoded-payload.js';
export { KEEP_WIRE_SCHEMA } from './message/encoding-schemas.sql.js';

export { BUILDING_LOCK, LIVE_LOCK } from './migrations/0032-stages.sql.js';
export { eventingMigrations } from './migrations/index.js';

export { Arrivals, dwellOf } from './telemetry/dwell.js';
export type { Arrival } from './telemetry/dwell.js';
export { MessageSpans } from './telemetry/message-spans.js';
export { MetricsRegistry } from './telemetry/metrics-registry.js';
