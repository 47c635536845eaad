import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import { Search1764000005001 } from './1764000005001-search.js';

export const migrations: readonly MigrationClass[] = [...eventingMigrations, Search1764000005001];
