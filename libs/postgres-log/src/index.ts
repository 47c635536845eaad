export { PostgresLogBroker } from './postgres-log.broker.js';

export { brokerMigrations } from './migrations/index.js';
export type { PostgresLogOptions } from './postgres-log.options.js';
