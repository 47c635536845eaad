import type { MigrationClass } from '@nestbox/database';
import { Eventing1764000000001 } from './0001-eventing.js';
import { DeadLetters1764000000002 } from './0002-dead-letters.js';
import { AutomaticRetries1764000000003 } from './0003-automatic-retries.js';
import { Alerts1764000000004 } from './0004-alerts.js';
import { Pauses1764000000005 } from './0005-pauses.js';
import { WhenHandled1764000000006 } from './0006-when-handled.js';
import { Reading1764000000031 } from './0031-reading.js';
import { Generations1764000000032 } from './0032-generations.js';
import { States1764000000033 } from './0033-states.js';
import { WireSchemas1764000000051 } from './0051-wire-schemas.js';
import { KnownSchemas1764000000052 } from './0052-known-schemas.js';

/** Every context runs these before its own migrations. */
export const eventingMigrations: readonly MigrationClass[] = [
  Eventing1764000000001,
  DeadLetters1764000000002,
  AutomaticRetries1764000000003,
  Alerts1764000000004,
  Pauses1764000000005,
  WhenHandled1764000000006,
  Reading1764000000031,
  Generations1764000000032,
  States1764000000033,
  WireSchemas1764000000051,
  KnownSchemas1764000000052,
];
