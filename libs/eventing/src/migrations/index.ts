import type { MigrationClass } from '@nestbox/database';
import { Eventing1764000000001 } from './0001-eventing.js';

/** Every context puts these before its own. */
export const eventingMigrations: readonly MigrationClass[] = [Eventing1764000000001];
