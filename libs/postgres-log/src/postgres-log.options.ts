import type { BrokerLog } from '@nestbox/messaging';

export interface PostgresLogOptions {
  /** The broker's own database, migrated with `brokerMigrations`; the role needs DML on schema `log`. */
  readonly url: string;
  /** Shown as application_name in pg_stat_activity. */
  readonly clientName: string;
  /** Of consumers that ask for none of their own, in ms. Default 30 000. */
  readonly sessionTimeoutMs?: number;
  /** Where retried faults are told. Default: Nest's logger. */
  readonly log?: BrokerLog;
}
