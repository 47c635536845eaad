import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import { Orders1764000001001 } from './1764000001001-orders.js';
import { Prices1764000001002 } from './1764000001002-prices.js';

export const migrations: readonly MigrationClass[] = [...eventingMigrations, Orders1764000001001, Prices1764000001002];
