export { eventually } from '@nestbox/kernel/testing';

export { CrashPoints, NO_CRASHES } from '@nestbox/messaging';

export { InMemoryBroker, InMemoryLog, InMemorySubjectKeys } from '@nestbox/messaging/testing';

export { ProcessMetrics } from '@nestbox/operations';

export { RelayConnection } from '@nestbox/outbox';

export { everyCell, operator, passes, SimulatedSaga, scenario, told } from '@nestbox/sagas/testing';
export type { SagaInput } from '@nestbox/sagas/testing';

export { everyMetric } from './every-metric.js';

export { builder, expectationsOf, unmetBy } from './expectations.js';
export type { Builder, Expectation } from './expectations.js';

export { simulate } from './simulate.js';
export type { Simulated, SimulateOptions } from './simulate.js';
