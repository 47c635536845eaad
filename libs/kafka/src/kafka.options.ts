import type { ConnectionOptions } from 'node:tls';
import type { BrokerLog } from '@nestbox/messaging';
import type { SASLOptions } from 'kafkajs';

export interface KafkaBrokerOptions {
  /** host:port of some brokers; they name the others. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** In ms, for consumers without their own setting. Default 30 000. */
  readonly sessionTimeoutMs?: number;
  /** True: certificates are checked against the system's authorities and those of NODE_EXTRA_CA_CERTS. Default: no TLS. */
  readonly ssl?: ConnectionOptions | boolean;
  /** Default: no authentication. */
  readonly sasl?: SASLOptions;
  /** Where retried faults are logged. Default: Nest's logger. */
  readonly log?: BrokerLog;
}
