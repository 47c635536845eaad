import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import { Accounts1764000010001 } from './1764000010001-accounts.js';

export const migrations: readonly MigrationClass[] = [...eventingMigrations, Accounts1764000010001];
