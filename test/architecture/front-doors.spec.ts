import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that a lib lets others use, types included. What is added here is promised to everybody. */
const frontDoors: Record<string, readonly string[]> = {
  '@nestbox/contracts': [
    'CancelOrder', 'CancelShipment', 'CapturePayment', 'MAX_LINES', 'OrderCancellationRequested', 'OrderCancelled',
    'OrderPlaced', 'OrderShipped', 'PaymentCaptured', 'PaymentDeclined', 'PaymentRefunded', 'ProductListed',
    'ProductState', 'forgotten',
    'RefundPayment', 'ReleaseStock', 'ShipOrder', 'ShipmentCancelled', 'ShippingRefused', 'StockForgone',
    'StockRejected', 'StockReleased', 'StockReserved', 'cardToken', 'cents', 'email', 'orderId', 'quantity', 'reason', 'region',
    'sku', 'topics', 'userId',
  ],
  '@nestbox/database': [
    'DatabaseAsyncOptions', 'DatabaseError', 'DatabaseErrorCode', 'DatabaseModule', 'DatabaseOptions',
    'MigrateOptions', 'MigrationClass', 'Statement', 'Transaction', 'UnitOfWork', 'dataSourceOptions', 'migrate',
    'pendingMigrations', 'sqlState', 'Failure', 'STATEMENT_CANCELLED', 'failuresIn', 'isTransient', 'isTransientItself',
  ],
  '@nestbox/eventing': [
    'AggregateRepository', 'AlertChannel', 'AlertNotice', 'AlertRule', 'AlertThresholds', 'AlertingOptions', 'AnswersFrom', 'Authorship', 'BatchControl', 'BatchHandler', 'Broker', 'BrokerOption', 'BrokerRecord',
    'CancelledBy',
    'CauseCount', 'CommandMessage', 'ConsumerOptions', 'DeadLetter', 'DeadLetterDetail', 'DeadLetters', 'EVENTING_OPTIONS',
    'EVENTING_TRANSPORT', 'EventConsumer', 'EventContext', 'EventMessage', 'EventingAsyncOptions', 'EventingError',
    'EventingErrorCode', 'EventingHealth', 'EventingModule', 'EventingOptions', 'FailedAttempt', 'HandlerMark',
    'Generation', 'GenerationState', 'ListedProjection', 'PartitionBounds', 'Projections', 'RebuildOptions', 'ReplayOptions',
    'HandlerOptions', 'HandlesCommand', 'HandlesEvent', 'IdempotencyInterceptor', 'IdempotencyKeyInterceptor', 'Inbox', 'DeadLetterEdit',
    'DeadLetterFilter', 'DeadLetterPage', 'DeadLetterSelection', 'DeadLetterStatus', 'MetricsRegistry', 'Outbox', 'OutboxInterceptor', 'OutboxOptions', 'OutgoingRecord',
    'PartitionBatch', 'PartitionLag', 'Pausable', 'Pause', 'Pauses', 'Position', 'PositionsController', 'ProjectionWaits', 'ProjectionOptions', 'ProjectsEvent',
    'ReactionOptions', 'Reading', 'ReadingPlace', 'RedriveOptions',
    'RedriveReport', 'RelayOptions', 'RetryLater', 'RetryOptions', 'Saga', 'SagaAnswer', 'SagaDefinition', 'SagaDetail', 'SagaEnd', 'SagaFilter',
    'SagaMessage', 'SagaOptions', 'SagaStart', 'SagaStatus', 'SagaStep', 'SagaSummary', 'SagaDecision', 'SagaDecisionRecord',
    'Sagas', 'StepsSpec', 'StepsState', 'UndoStep', 'defineSaga', 'sagaInSteps', 'sagaMigrations', 'startsOn', 'SubscribeOptions', 'Subscription',
    'TopicPartition', 'TopicSpec', 'Unprocessable', 'WaitLimits', 'WaitOutcome', 'Waitable',
    'ArchiveError', 'exportTopic', 'importTopic', 'verifyArchive', 'goneFrom', 'stateAs', 'AggregateState', 'ErasesSubject', 'Erasure', 'Forgotten', 'SubjectKey', 'SubjectKeys', 'ProjectsState', 'StateMessage', 'StateOptions', 'Written', 'brokerMigrations', 'createBroker', 'eventingMigrations', 'formatPosition', 'parsePosition',
    'waitablesIn',
  ],
  '@nestbox/kernel': [
    'AggregateRoot', 'CommandContract', 'CommandSpec', 'CompatibilityLevel', 'ContractError', 'Correlation', 'Decider', 'DomainError',
    'Envelope', 'EventContract', 'EventData', 'EventSpec', 'IssuedCommand', 'MAX_EVENT_BYTES', 'MessageContract', 'RaisedEvent', 'StandardSchema',
    'checkEventData', 'currentCorrelation', 'defineCommand', 'defineEvent', 'describeIssues', 'formatTraceparent',
    'isPastTense', 'isUuid', 'issue', 'newSpanId', 'newTraceId', 'parseTraceparent', 'readEventData', 'replay', 'runWithCorrelation',
    'PersonalData', 'StateContract', 'StateSpec', 'Topic', 'defineState', 'upcastFrom', 'uuid7', 'validateNow', 'Upcaster', 'WireSchema',
    'Semaphore', 'Sleeper', 'backOff', 'withinMs',
  ],
  '@nestbox/platform': [
    'AdminTokens', 'AlertingConfig', 'BrokerConfig', 'Config', 'ConfigError', 'LogFormat', 'LogLevel', 'PlatformModule', 'PlatformOptions', 'Probe',
    'ProblemFilter', 'Settings', 'StructuredLogger', 'Tracing', 'TracingConfig', 'bootstrap', 'startTracing', 'configureApp', 'defineSettings', 'knownVariables', 'loadConfig', 'portOffsets',
    'toProblem', 'urlOf',
  ],
  '@nestbox/schema': [
    'Catalogued', 'catalogueOf', 'sendersIn', 'staleIn', 'writeCatalogue',
    'Baselines', 'Break', 'COMPATIBILITY_LEVELS', 'ContractView', 'Field', 'FieldChange', 'Finding', 'Frame', 'ContractCatalog',
    'Incompatibility', 'JsonSchema', 'LoadedApp', 'ReaderView', 'Release', 'ReleasedReaders', 'SchemaError',
    'SchemaFormat', 'SchemaReference', 'SchemaText', 'WireContractSchema', 'avro', 'breaksBetween', 'changesBetween',
    'decoderOf', 'descriptorOfText', 'encoderOf', 'fieldsOf', 'findingsIn', 'frame', 'contractCatalogOf', 'incompatibilities',
    'isFramed', 'isLevel', 'protobuf', 'readBaselines', 'release', 'remarksOn', 'requireValid', 'splitIndexes',
    'unframe', 'unreleased',
  ],
  '@nestbox/telemetry': [
    'FoundMessage', 'Handling', 'HandlingState', 'HandlingsPart', 'MessagesPart', 'Operation', 'SagaPart', 'SpanSettings', 'Standing',
    'Stay', 'Story', 'StoryMessage', 'StoryParts', 'TracePlace', 'attribute', 'composeStory', 'failSpan', 'inShortSpan', 'inSpan', 'isTracing', 'open',
    'operationAttributes', 'placeIn', 'placeOf', 'spanName', 'within',
  ],
  '@nestbox/database/testing': [
    'CuttingProxy', 'ScratchDatabase', 'databaseUrl', 'scratchDatabase',
  ],
  '@nestbox/eventing/testing': [
    'Builder', 'Expectation', 'SimulateOptions', 'Simulated', 'builder', 'expectationsOf', 'simulate', 'unmetBy',
    'SagaInput', 'SimulatedSaga', 'everyCell', 'operator', 'passes', 'scenario', 'told',
    'InMemorySubjectKeys', 'CrashPoints', 'InMemoryBroker', 'InMemoryLog', 'ProcessMetrics', 'NO_CRASHES', 'RelayConnection', 'eventually', 'everyMetric',
  ],
  '@nestbox/kernel/testing': [
    'specify',
  ],
};

const libs = join(process.cwd(), 'libs');
const doors = readdirSync(libs).flatMap((lib) => [
  { name: `@nestbox/${lib}`, file: join(libs, lib, 'src', 'index.ts') },
  { name: `@nestbox/${lib}/testing`, file: join(libs, lib, 'src', 'testing', 'index.ts') },
]);
const present = doors.filter(({ file }) => existsSync(file));

function exportsOf(source: string): { names: string[]; rest: string } {
  const list = /^export (?:type )?\{([^}]*)\} from '[^']+';$/gm;
  const names = [...source.matchAll(list)].flatMap(([, inside]) => inside!.split(',').map((name) => name.trim()));
  return { names: names.filter((name) => name !== '').sort(), rest: source.replace(list, '').trim() };
}

describe('the front doors of the libs', () => {
  it.each(present)('$name lets out what is listed here, and no more', ({ name, file }) => {
    expect(exportsOf(readFileSync(file, 'utf8')).names).toEqual([...(frontDoors[name] ?? [])].sort());
  });

  it.each(present)('$name is a list of names from its rooms, and nothing else', ({ file }) => {
    expect(exportsOf(readFileSync(file, 'utf8')).rest).toBe('');
  });

  it('are all known here, and all there', () => {
    expect(present.map(({ name }) => name).sort()).toEqual(Object.keys(frontDoors).sort());
  });

  it('would show a name that slipped out, and an export of another form', () => {
    const { names, rest } = exportsOf(`export { Outbox } from './outbox.js';\nexport * from './relay.js';`);
    expect({ names, rest }).toEqual({ names: ['Outbox'], rest: `export * from './relay.js';` });
  });
});
