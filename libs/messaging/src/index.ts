export { CrashPoints, NO_CRASHES } from './crash-points.js';
export { EventingError } from './eventing.error.js';
export type { EventingErrorCode } from './eventing.error.js';
export { MessagingModule } from './messaging.module.js';
export { EVENTING_OPTIONS } from './messaging.options.js';
export type { AsyncOptions, MessagingModuleOptions, MessagingOptions } from './messaging.options.js';
export { PauseSwitch } from './pause-switch.js';
export type { OutboxPause } from './pause-switch.js';

export { nestLog } from './broker/broker-log.js';
export type { BrokerLog } from './broker/broker-log.js';
export { Broker } from './broker/broker.js';
export type { BatchControl, BatchHandler, PartitionBatch, SubscribeOptions, Subscription } from './broker/broker.js';
export type { BrokerRecord, OutgoingRecord, PartitionBounds, PartitionLag, ReadingPlace, TopicPartition, TopicSpec } from './broker/broker.js';
export { assign, partitionLag } from './broker/leased-log.js';
export type { Fetched, GroupMember, GroupView, LeasedLog, LeasedPartition, LogChange, TakenPartition } from './broker/leased-log.js';
export { LeasedSubscription } from './broker/leased-subscription.js';
export { PartitionRunner } from './broker/partition-runner.js';
export { isOfDeadProcess, processMark } from './broker/process-mark.js';
export { byTopic, Downtime, Progress } from './broker/progress.js';
export type { PartitionState } from './broker/progress.js';
export { partitionOf } from './broker/partitioner.js';
export { HEADER_COUNT, MAX_HEADERS, refuseDrift, refuseTooLarge, SEVEN_DAYS_MS } from './broker/refusals.js';
export type { TopicAsFound } from './broker/refusals.js';

export { KEY_IS_FRESH_MS, FieldEncryption } from './encryption/field-encryption.js';
export { SubjectKeys } from './encryption/subject-keys.js';
export type { SubjectKey } from './encryption/subject-keys.js';

export { clean, describeFailure, redact, redactPersonal } from './failure/attempt.js';
export type { FailedAttempt } from './failure/attempt.js';

export { asMessage, conform, conformTo, conformToMark, decode, keyOf, typeInHeaders } from './message/decode.js';
export type { CommandMessage, EventMessage } from './message/decode.js';
export { encode, encodeForSubject } from './message/encode.js';
export type { EncodableMessage, EncodedMessage, UnencryptedMessage } from './message/encode.js';
export { EncodedPayload, ENCODING_HEADER, encodingOf, envelopeOf, WriterSchema } from './message/encoding.js';
export type { MessageEncoding } from './message/encoding.js';
export { formatPosition, MOST_IN_POSITION, parsePosition } from './message/position.js';
export type { Position, Written } from './message/position.js';
export { readState, RecordReader } from './message/record-reader.js';
export type { StateMessage } from './message/record-reader.js';
export { KEEP_ENCODING_SCHEMA, SchemaIdFraming } from './message/schema-id-framing.js';
export { SchemaMetrics } from './message/schema-metrics.js';

export { BUILDING_LOCK, LIVE_LOCK } from './migrations/0032-generations.js';
export { eventingMigrations } from './migrations/index.js';

export { MessageSpans } from './telemetry/message-spans.js';
export { MetricsRegistry } from './telemetry/metrics-registry.js';
