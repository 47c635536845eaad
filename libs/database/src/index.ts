export { DatabaseError, sqlState } from './database.error.js';
export type { DatabaseErrorCode } from './database.error.js';
export { DatabaseModule, dataSourceOptions } from './database.module.js';
export type { DatabaseAsyncOptions, DatabaseOptions } from './database.module.js';
export { migrate, pendingMigrations } from './migrate.js';
export type { MigrateOptions, MigrationClass } from './migrate.js';
export type { Statement } from './pipeline.js';
export { Transaction } from './transaction.js';
export { UnitOfWork } from './unit-of-work.js';
