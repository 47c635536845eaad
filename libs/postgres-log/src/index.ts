export { PostgresLogBroker } from './postgres-log.broker.js';

export { brokerMigrations } from './migrations/index.js';
