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
    };

/** Who this app is to Kafka. */
export interface SaslConfig {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Who may open the /admin doors; a role whose token is not set lets nobody in. */
export interface AdminTokens {
  readonly viewer?: string;
  readonly operator?: string;
  readonly admin?: string;
}

/** Whom to tell when something is wrong, and from when on it is. */
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
  /** The collector; `/v1/traces` of it is posted to. */
  readonly endpoint: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** What every app knows about the place that it runs in; what one alone has to know is in its own settings. */
export class Config {
  readonly app!: string;
  readonly host!: string;
  readonly port!: number;
  readonly databaseUrl!: string;
  readonly broker!: BrokerConfig;
  /** Where schemas are; undefined: everything travels as JSON. */
  readonly schemaRegistryUrl?: string;
  /** Where the keys of personal data are; undefined: it travels as it is. */
  readonly subjectKeysUrl?: string;
  readonly adminTokens!: AdminTokens;
  readonly alerting!: AlertingConfig;
  /** Where spans are sent, and of which share of traces; undefined: nobody collects them. */
  readonly tracing?: TracingConfig;
  readonly logLevel!: LogLevel;
  readonly logFormat!: LogFormat;

  constructor(values: Omit<Config, 'eventing' | 'database'>) {
    Object.assign(this, values);
  }

  /** What EventingModule has to be told that is the same in every app. */
  get eventing() {
    const { app: context, broker, alerting, adminTokens, schemaRegistryUrl, subjectKeysUrl: subjectKeys } = this;
    return { context, broker, alerting, adminTokens, schemaRegistryUrl, subjectKeys };
  }

  /** What DatabaseModule has to be told that is the same in every app. */
  get database() {
    return { url: this.databaseUrl, applicationName: this.app };
  }
}
