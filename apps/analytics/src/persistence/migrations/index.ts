import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import { LongerFunnel1764000004002 } from './1764000004002-longer-funnel.js';
import { Reports1764000004001 } from './1764000004001-reports.js';
import { SignUps1764000004003 } from './1764000004003-sign-ups.js';

export const migrations: readonly MigrationClass[] = [
  ...eventingMigrations,
  Reports1764000004001,
  LongerFunnel1764000004002,
  SignUps1764000004003,
];
