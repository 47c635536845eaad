import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations, sagaMigrations } from '@nestbox/eventing';

export const migrations: readonly MigrationClass[] = [...eventingMigrations, ...sagaMigrations];
