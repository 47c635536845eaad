export { SagasModule } from './sagas.module.js';
export { SagaRegistry } from './saga-registry.js';
export { SagaRunner } from './saga-runner.js';
export { SagaStore } from './saga-store.js';
export { Saga, sagaOf } from './saga.decorator.js';
export { defineSaga } from './saga.js';
export type { SagaAnswer, SagaDecision, SagaDefinition, SagaEnd, SagaMessage, SagaStatus } from './saga.js';
export type { SagaOptions, SagasModuleOptions } from './sagas.options.js';
export { Sagas } from './sagas.js';
export type { SagaDetail, SagaFilter, SagaSummary, SagaDecisionRecord } from './sagas.js';
export { startsOn } from './step.js';
export type { CancelledBy, SagaStart, SagaStep, StepsState, UndoStep } from './step.js';
export { sagaInSteps } from './steps.js';
export type { StepsSpec } from './steps.js';
export { SagaTimeoutScheduler } from './saga-timeout-scheduler.js';

export { sagaMigrations } from './migrations/index.js';
