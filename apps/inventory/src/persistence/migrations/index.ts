import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import { Products1764000002001 } from './1764000002001-products.js';
import { Reservations1764000002002 } from './1764000002002-reservations.js';
import { ShippedReservations1764000002003 } from './1764000002003-shipped-reservations.js';

export const migrations: readonly MigrationClass[] = [
  ...eventingMigrations,
  Products1764000002001,
  Reservations1764000002002,
  ShippedReservations1764000002003,
];
