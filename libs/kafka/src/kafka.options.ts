import type { ConnectionOptions } from 'node:tls';
import type { BrokerLog } from '@nestbox/messaging';

/** The same as kafkajs' own type. Defined here so that code without a Kafka compiles without kafkajs. */
type SaslOptions =
  | ({ readonly mechanism: 'plain' } & Password)
  | ({ readonly mechanism: 'scram-sha-256' } & Password)
  | ({ readonly mechanism: 'scram-sha-512' } & Password)
  | {
      readonly mechanism: 'aws';
      readonly authorizationIdentity: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    }
  | { readonly mechanism: 'oauthbearer'; readonly oauthBearerProvider: () => Promise<{ value: string }> };

interface Password {
  readonly username: string;
  readonly password: string;
}

export interface KafkaBrokerOptions {
  /** host:port of some brokers; they name the others. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** In ms, for consumers without their own setting. Default 30 000. */
  readonly sessionTimeoutMs?: number;
  /** True: certificates are checked against the system's authorities and those of NODE_EXTRA_CA_CERTS. Default: no TLS. */
  readonly ssl?: ConnectionOptions | boolean;
  /** Default: no authentication. */
  readonly sasl?: SaslOptions;
  /** A batch that unpacks to more holds its partition. For all clients of the process: the largest counts. Default and least: 16 MiB. */
  readonly maxUnpackedBytes?: number;
  /** Where retried faults are logged. Default: Nest's logger. */
  readonly log?: BrokerLog;
}
