import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import { Payments1764000007001 } from './1764000007001-payments.js';
import { Sandbox1764000007002 } from './1764000007002-sandbox.js';

export const migrations: readonly MigrationClass[] = [
  ...eventingMigrations,
  Payments1764000007001,
  Sandbox1764000007002,
];
