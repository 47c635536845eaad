import type { BrokerLog } from '@nestbox/messaging';

export interface PostgresLogOptions {
  /** The broker's own database, migrated with `brokerMigrations`; the role needs DML on schema `log`. */
  readonly url: string;
  /** Shown as application_name in pg_stat_activity. */
  readonly clientName: string;
  /** In ms, for consumers without their own setting. Default 30 000. */
  readonly sessionTimeoutMs?: number;
  /** Where retried faults are logged. Default: Nest's logger. */
  readonly log?: BrokerLog;
}
