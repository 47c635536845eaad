export { PostgresLogBroker } from './postgres-log.broker.js';

export { brokerMigrations, subjectKeyMigrations } from './migrations/index.js';
export type { PostgresLogOptions } from './postgres-log.options.js';
