import type { MigrationClass } from '@nestbox/database';
import { Schemas1764000009001 } from './1764000009001-schemas.js';

export const migrations: readonly MigrationClass[] = [Schemas1764000009001];
