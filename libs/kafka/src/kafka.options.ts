import type { ConnectionOptions } from 'node:tls';
import type { BrokerLog } from '@nestbox/messaging';
import type { SASLOptions } from 'kafkajs';

export interface KafkaBrokerOptions {
  /** host:port of some brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Of consumers that ask for none of their own, in ms. Default 30 000. */
  readonly sessionTimeoutMs?: number;
  /** True: certificates are checked against the system's authorities and those of NODE_EXTRA_CA_CERTS. Default: no TLS. */
  readonly ssl?: ConnectionOptions | boolean;
  /** Default: nobody is asked who they are. */
  readonly sasl?: SASLOptions;
  /** Where retried faults are told. Default: Nest's logger. */
  readonly log?: BrokerLog;
}
