import type { MigrationClass } from '@nestbox/database';
import { Sagas1764000000101 } from './0001-sagas.js';
import { SagaTraces1764000000102 } from './0002-traces.js';

/** A context with sagas runs these after `eventingMigrations`. */
export const sagaMigrations: readonly MigrationClass[] = [Sagas1764000000101, SagaTraces1764000000102];
