import type { ConnectionOptions } from 'node:tls';
import type { BrokerLog } from '@nestbox/messaging';

/** As kafkajs understands it, in words of our own: whoever compiles against the option, and has no Kafka, needs no kafkajs. */
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
  /** host:port of some brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Of consumers that ask for none of their own, in ms. Default 30 000. */
  readonly sessionTimeoutMs?: number;
  /** True: certificates are checked against the system's authorities and those of NODE_EXTRA_CA_CERTS. Default: no TLS. */
  readonly ssl?: ConnectionOptions | boolean;
  /** Default: nobody is asked who they are. */
  readonly sasl?: SaslOptions;
  /** Where retried faults are told. Default: Nest's logger. */
  readonly log?: BrokerLog;
}
