import type { MigrationClass } from '@nestbox/database';
import { Sagas1764000000101 } from './0001-sagas.js';

/** A context that has sagas puts these behind `eventingMigrations`. */
export const sagaMigrations: readonly MigrationClass[] = [Sagas1764000000101];
