import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import { Orders1764000001001 } from './1764000001001-orders.js';
import { Prices1764000001002 } from './1764000001002-prices.js';
import { OrderStatuses1764000001003 } from './1764000001003-order-statuses.js';

export const migrations: readonly MigrationClass[] = [
  ...eventingMigrations,
  Orders1764000001001,
  Prices1764000001002,
  OrderStatuses1764000001003,
];
