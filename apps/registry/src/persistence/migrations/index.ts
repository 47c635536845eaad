import type { MigrationClass } from '@nestbox/database';
import { ImportedIds1764000009002 } from './1764000009002-imported-ids.js';
import { Schemas1764000009001 } from './1764000009001-schemas.js';

export const migrations: readonly MigrationClass[] = [Schemas1764000009001, ImportedIds1764000009002];
