export { AlertChannel } from './alerting/alert-channel.js';
export type { AlertNotice, AlertRule } from './alerting/alert.js';
export type { AlertingOptions, AlertThresholds } from './alerting/alerting.options.js';

export { ArchiveError, verifyArchive } from './archive/archive.js';
export { exportTopic } from './archive/export-topic.js';
export { importTopic } from './archive/import-topic.js';

export type { Authorship } from './audit/audit.js';

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
export { createBroker } from './broker/create-broker.js';

export { EventConsumer } from './consumer/event-consumer.js';
export { EventContext } from './consumer/event-context.js';
export type { CommandMessage, EventMessage } from './consumer/event-message.js';
export { HandlesCommand, HandlesEvent, ProjectsEvent, ProjectsState } from './consumer/handles-event.js';
export { EVENTING_TRANSPORT } from './consumer/handler-mark.js';
export type { HandlerMark, HandlerOptions, ProjectionOptions, ReactionOptions, Reading, StateOptions } from './consumer/handler-mark.js';
export type { StateMessage } from './consumer/state-message.js';

export { ErasesSubject } from './erasure/erases-subject.js';
export { Erasure } from './erasure/erasure.js';
export type { Forgotten } from './erasure/erasure.js';
export { SubjectKeys } from './erasure/subject-keys.js';
export type { SubjectKey } from './erasure/subject-keys.js';

export { EventingError } from './eventing.error.js';
export type { EventingErrorCode } from './eventing.error.js';
export { EventingHealth } from './eventing.health.js';
export { EventingModule } from './eventing.module.js';
export { EVENTING_OPTIONS } from './messaging.options.js';
export type { ConsumerOptions } from './consumer/consumer.options.js';
export type { BrokerOption, EventingAsyncOptions, EventingOptions } from './eventing.options.js';
export type { OutboxOptions, RelayOptions } from './outbox/outbox.options.js';
export type { SagaOptions } from './saga/saga.options.js';

export type { FailedAttempt } from './failure/attempt.js';
export type {
  DeadLetter,
  DeadLetterDetail,
  LetterFilter,
  LetterSelection,
  LetterStatus,
} from './failure/dead-letter.js';
export { DeadLetters } from './failure/dead-letters.js';
export type { CauseCount, LetterPage, RedriveOptions, RedriveReport } from './failure/dead-letters.js';
export type { LetterChange } from './failure/letter-desk.js';
export type { RetryOptions } from './failure/policy.js';
export { RetryLater, Unprocessable } from './failure/verdicts.js';

export { IdempotencyKeyInterceptor } from './inbox/idempotency-key.interceptor.js';
export { IdempotencyInterceptor } from './inbox/idempotency.interceptor.js';
export { Inbox } from './inbox/inbox.js';

export { eventingMigrations } from './migrations/index.js';

export { AggregateRepository, goneFrom, stateAs } from './outbox/aggregate.repository.js';
export type { AggregateState } from './outbox/aggregate.repository.js';
export { OutboxInterceptor } from './outbox/outbox.interceptor.js';
export { Outbox } from './outbox/outbox.js';

export { Pauses } from './pause/pauses.js';
export type { Pausable, Pause } from './pause/pauses.js';

export { brokerMigrations } from './postgres-log/migrations/index.js';

export { AnswersFrom } from './projection/answers-from.js';
export { formatPosition, parsePosition } from './projection/position.js';
export type { Position, Written } from './projection/position.js';
export { PositionsController } from './projection/positions.controller.js';
export { Projections } from './projection/projections.js';
export type { GenerationState, ListedProjection, RebuildOptions, ReplayOptions } from './projection/projections.js';
export type { Generation } from './projection/generations.js';
export { ProjectionWaits } from './projection/projection-waits.js';
export type { WaitLimits, WaitOutcome } from './projection/projection-waits.js';
export { waitablesIn } from './projection/waitable.js';
export type { Waitable } from './projection/waitable.js';

export { MetricsRegistry } from './telemetry/metrics-registry.js';
export { sagaMigrations } from './saga/migrations/index.js';
export { Saga } from './saga/saga.decorator.js';
export { defineSaga } from './saga/saga.js';
export type { SagaAnswer, SagaDefinition, SagaEnd, SagaMessage, SagaStatus, SagaTurn } from './saga/saga.js';
export { Sagas } from './saga/sagas.js';
export type { SagaDetail, SagaFilter, SagaSummary, SagaTurnRecord } from './saga/sagas.js';
export { on, startsOn } from './saga/step.js';
export type { CalledOff, SagaStart, SagaStep, UndoStep } from './saga/step.js';
export { sagaInSteps } from './saga/steps.js';
export type { StepsSpec } from './saga/steps.js';
export type { StepsState } from './saga/steps-state.js';
