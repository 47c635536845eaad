import type { OperatorToken } from '@nestbox/access';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'json' | 'pretty';
export type BrokerConfig =
  | { readonly kind: 'postgres'; readonly url: string; readonly sessionTimeoutMs: number }
  | {
      readonly kind: 'kafka';
      readonly brokers: readonly string[];
      readonly ssl: boolean;
      readonly sasl?: SaslConfig;
      readonly sessionTimeoutMs: number;
      readonly maxUnpackedBytes: number;
    };

/** The app's credentials for Kafka. */
export interface SaslConfig {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Receivers and thresholds of alerts. */
export interface AlertingConfig {
  readonly webhookUrl?: string;
  readonly heartbeatUrl?: string;
  readonly mail?: { readonly smtpUrl: string; readonly from: string; readonly to: string };
  readonly thresholds: {
    readonly parkedMs?: number;
    readonly outboxMs?: number;
    readonly stalledMs?: number;
    readonly downMs?: number;
  };
}

export interface TracingConfig {
  /** The collector's base URL; spans are posted to its `/v1/traces`. */
  readonly endpoint: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** The configuration that every app has. What only one app needs is in that app's settings. */
export class Config {
  readonly app!: string;
  readonly host!: string;
  readonly port!: number;
  readonly databaseUrl!: string;
  readonly broker!: BrokerConfig;
  /** The schema registry; undefined: all data is sent as JSON. */
  readonly schemaRegistryUrl?: string;
  /** The key store for personal data; undefined: personal data is not encrypted. */
  readonly subjectKeysUrl?: string;
  /** Who may call what is not public. */
  readonly operators!: readonly OperatorToken[];
  /** The accounts app, whose tokens customers bear; undefined: no customer can sign in. */
  readonly accountsUrl?: string;
  /** Opens what is internal to whoever is on this machine. */
  readonly development!: boolean;
  readonly alerting!: AlertingConfig;
  /** Where spans are sent, and the share of sampled traces; undefined: no tracing. */
  readonly tracing?: TracingConfig;
  readonly logLevel!: LogLevel;
  readonly logFormat!: LogFormat;

  constructor(values: Omit<Config, 'eventing' | 'database'>) {
    Object.assign(this, values);
  }

  /** The options of EventingModule that are the same in every app. */
  get eventing() {
    const { app: context, broker, alerting, operators, schemaRegistryUrl, subjectKeysUrl: subjectKeys } = this;
    return { context, broker, alerting, operators, schemaRegistryUrl, subjectKeys };
  }

  /** The options of DatabaseModule that are the same in every app. */
  get database() {
    return { url: this.databaseUrl, applicationName: this.app };
  }
}
