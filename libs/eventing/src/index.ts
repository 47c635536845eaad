export {
  DeadLetters,
  EventConsumer,
  EventContext,
  EVENTING_TRANSPORT,
  HandlesCommand,
  HandlesEvent,
  IdempotencyInterceptor,
  Inbox,
  Pauses,
  ProjectsEvent,
  ProjectsState,
  RetryLater,
  Unprocessable,
} from '@nestbox/consumer';
export type {
  Authorship,
  CauseCount,
  ConsumerOptions,
  DeadLetter,
  DeadLetterDetail,
  HandlerMark,
  HandlerOptions,
  DeadLetterEdit,
  DeadLetterFilter,
  DeadLetterPage,
  DeadLetterSelection,
  DeadLetterStatus,
  Pausable,
  Pause,
  ProjectionOptions,
  ReactionOptions,
  Reading,
  RedriveOptions,
  RedriveReport,
  RetryOptions,
  StateOptions,
} from '@nestbox/consumer';

export {
  Broker,
  EVENTING_OPTIONS,
  EventingError,
  eventingMigrations,
  formatPosition,
  MetricsRegistry,
  parsePosition,
  SubjectKeys,
} from '@nestbox/messaging';
export type {
  BatchControl,
  BatchHandler,
  BrokerRecord,
  CommandMessage,
  EventingErrorCode,
  EventMessage,
  FailedAttempt,
  OutgoingRecord,
  PartitionBatch,
  PartitionBounds,
  PartitionLag,
  Position,
  ReadingPlace,
  StateMessage,
  SubjectKey,
  SubscribeOptions,
  Subscription,
  TopicPartition,
  TopicSpec,
  Written,
} from '@nestbox/messaging';

export {
  AlertChannel,
  ArchiveError,
  ErasesSubject,
  Erasure,
  exportTopic,
  importTopic,
  verifyArchive,
} from '@nestbox/operations';
export type { AlertingOptions, AlertNotice, AlertRule, AlertThresholds, Forgotten } from '@nestbox/operations';

export {
  AggregateRepository,
  goneFrom,
  IdempotencyKeyInterceptor,
  Outbox,
  OutboxInterceptor,
  stateAs,
} from '@nestbox/outbox';
export type { AggregateState, OutboxOptions, RelayOptions } from '@nestbox/outbox';

export { brokerMigrations, subjectKeyMigrations } from '@nestbox/postgres-log';

export { AnswersFrom, PositionsController, Projections, ProjectionWaits, waitablesIn } from '@nestbox/projections';
export type {
  Generation,
  GenerationState,
  ListedProjection,
  RebuildOptions,
  ReplayOptions,
  Waitable,
  WaitLimits,
  WaitOutcome,
} from '@nestbox/projections';

export { defineSaga, Saga, sagaInSteps, sagaMigrations, Sagas, startsOn } from '@nestbox/sagas';
export type {
  CancelledBy,
  SagaAnswer,
  SagaDefinition,
  SagaDetail,
  SagaEnd,
  SagaFilter,
  SagaMessage,
  SagaOptions,
  SagaStart,
  SagaStatus,
  SagaStep,
  SagaSummary,
  SagaDecision,
  SagaDecisionRecord,
  StepsSpec,
  StepsState,
  UndoStep,
} from '@nestbox/sagas';

export { createBroker } from './create-broker.js';

export { EventingHealth } from './eventing.health.js';

export { EventingModule } from './eventing.module.js';

export type { BrokerOption, EventingAsyncOptions, EventingFeature, EventingOptions, OperationsOption } from './eventing.options.js';
