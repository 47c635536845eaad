import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import { Shipments1764000006001 } from './1764000006001-shipments.js';

export const migrations: readonly MigrationClass[] = [...eventingMigrations, Shipments1764000006001];
