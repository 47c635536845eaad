export { SagasModule } from './sagas.module.js';
export { SagaRegistry } from './saga-registry.js';
export { SagaRunner } from './saga-runner.js';
export { SagaStore } from './saga-store.js';
export { Saga, sagaOf } from './saga.decorator.js';
export { defineSaga } from './saga.js';
export type { SagaAnswer, SagaDefinition, SagaEnd, SagaMessage, SagaStatus, SagaTurn } from './saga.js';
export type { SagaOptions, SagasModuleOptions } from './sagas.options.js';
export { Sagas } from './sagas.js';
export type { SagaDetail, SagaFilter, SagaSummary, SagaTurnRecord } from './sagas.js';
export { on, startsOn } from './step.js';
export type { CalledOff, SagaStart, SagaStep, UndoStep } from './step.js';
export type { StepsState } from './steps-state.js';
export { sagaInSteps } from './steps.js';
export type { StepsSpec } from './steps.js';
export { Timekeeper } from './timekeeper.js';

export { sagaMigrations } from './migrations/index.js';
