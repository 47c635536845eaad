import type { MigrationClass } from '@nestbox/database';
import { eventingMigrations } from '@nestbox/eventing';
import { Mails1764000003001 } from './1764000003001-mails.js';
import { ShippedMails1764000003002 } from './1764000003002-shipped-mails.js';
import { MailsInStories1764000003003 } from './1764000003003-mails-in-stories.js';
import { Customers1764000003004 } from './1764000003004-customers.js';
import { WelcomeMails1764000003005 } from './1764000003005-welcome-mails.js';

export const migrations: readonly MigrationClass[] = [
  ...eventingMigrations,
  Mails1764000003001,
  ShippedMails1764000003002,
  MailsInStories1764000003003,
  Customers1764000003004,
  WelcomeMails1764000003005,
];
