import { ConfigError } from './config.error.js';
import { portOffsets, smtpOffset } from './ports.js';
import { readVariables, variables } from './variables.js';
import type { VariableName, Variables } from './variables.js';

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

/** What one app knows about the place that it runs in. */
export class Config {
  readonly app!: string;
  readonly host!: string;
  readonly port!: number;
  readonly databaseUrl!: string;
  readonly broker!: BrokerConfig;
  readonly smtpUrl!: string;
  /** Where the search app answers, for those who wait for it. */
  readonly searchUrl!: string;
  /** Where schemas are; undefined: everything travels as JSON. */
  readonly schemaRegistryUrl?: string;
  /** Where the keys of personal data are; undefined: it travels as it is. */
  readonly subjectKeysUrl?: string;
  readonly adminTokens!: AdminTokens;
  readonly alerting!: AlertingConfig;
  /** The payment provider; undefined: the sandbox stands in for it. */
  readonly cardGateway?: { readonly url: string; readonly secret?: string };
  readonly sagaTimeScale!: number;
  /** Where spans are sent, and of which share of traces; undefined: nobody collects them. */
  readonly tracing?: TracingConfig;
  readonly logLevel!: LogLevel;
  readonly logFormat!: LogFormat;

  constructor(values: Config) {
    Object.assign(this, values);
  }
}

/** Throws one ConfigError with all faults. `app` decides the default port. */
export function loadConfig(env: NodeJS.ProcessEnv, app: string): Config {
  const { values, faults } = readVariables(env);
  for (const name of needed(values, app)) {
    const malformed = faults.some((fault) => fault.startsWith(`${name} `));
    if (values[name] === undefined && !malformed) faults.push(`${name} is not set, expected ${variables[name].expected}`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const production = values.NODE_ENV === 'production';
  return new Config({
    app,
    host: values.APP_HOST,
    port: values.PORT ?? values.PORT_BASE + portOffsets[app]!,
    databaseUrl: values.DATABASE_URL!,
    broker: brokerFrom(values),
    smtpUrl: smtpUrlFrom(values),
    adminTokens: {
      viewer: values.NESTBOX_VIEWER_TOKEN,
      operator: values.NESTBOX_OPERATOR_TOKEN,
      admin: values.NESTBOX_ADMIN_TOKEN,
    },
    schemaRegistryUrl: values.SCHEMA_REGISTRY_URL,
    subjectKeysUrl: values.SUBJECT_KEYS_URL,
    searchUrl: values.SEARCH_URL ?? `http://127.0.0.1:${values.PORT_BASE + portOffsets.search!}`,
    alerting: alertingFrom(values),
    cardGateway: cardGatewayFrom(values),
    sagaTimeScale: values.SAGA_TIME_SCALE,
    tracing: tracingFrom(values),
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (production ? 'json' : 'pretty'),
  });
}

function needed(values: Variables, app: string): VariableName[] {
  const names: VariableName[] = ['DATABASE_URL', values.BROKER === 'kafka' ? 'KAFKA_BROKERS' : 'BROKER_DATABASE_URL'];
  if (values.BROKER === 'kafka' && values.KAFKA_SASL_MECHANISM) names.push('KAFKA_USERNAME', 'KAFKA_PASSWORD');
  if (portOffsets[app] === undefined) names.push('PORT');
  // The catcher on the loopback is a convenience of development: in production a silent default would lose mail.
  const mails = app === 'email' || values.ALERT_MAIL_TO !== undefined;
  if (mails && values.NODE_ENV === 'production') names.push('SMTP_URL');
  // Pretending to take money is a convenience of development too: in production it has to be said.
  if (app === 'payments' && values.NODE_ENV === 'production') names.push('CARD_GATEWAY_URL');
  return names;
}

function smtpUrlFrom({ SMTP_URL, PORT_BASE }: Variables): string {
  return SMTP_URL ?? `smtp://127.0.0.1:${PORT_BASE + smtpOffset}`;
}

function alertingFrom(values: Variables): AlertingConfig {
  const { ALERT_MAIL_TO: to, ALERT_MAIL_FROM: from } = values;
  return {
    webhookUrl: values.ALERT_WEBHOOK_URL,
    heartbeatUrl: values.ALERT_HEARTBEAT_URL,
    mail: to === undefined ? undefined : { smtpUrl: smtpUrlFrom(values), from, to },
    thresholds: given({
      parkedMs: values.ALERT_PARKED_SECONDS,
      outboxMs: values.ALERT_OUTBOX_SECONDS,
      stalledMs: values.ALERT_STALLED_SECONDS,
      downMs: values.ALERT_DOWN_SECONDS,
    }),
  };
}

/** Seconds as milliseconds; what is absent stays so, for the defaults of whoever reads it. */
function given<Name extends string>(seconds: Record<Name, number | undefined>): { [Each in Name]?: number } {
  const present = Object.entries<number | undefined>(seconds).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, value * 1_000])) as { [Each in Name]?: number };
}

function tracingFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: share }: Variables): Config['tracing'] {
  return endpoint === undefined ? undefined : { endpoint, share };
}

function cardGatewayFrom({ CARD_GATEWAY_URL: url, CARD_GATEWAY_SECRET: secret }: Variables): Config['cardGateway'] {
  return url === undefined || url.startsWith('sandbox:') ? undefined : { url, secret };
}

function brokerFrom(values: Variables): BrokerConfig {
  const sessionTimeoutMs = values.CONSUMER_SESSION_SECONDS * 1_000;
  if (values.BROKER === 'postgres') return { kind: 'postgres', url: values.BROKER_DATABASE_URL!, sessionTimeoutMs };
  const brokers = values.KAFKA_BROKERS!.split(',').map((entry) => entry.trim());
  return { kind: 'kafka', brokers, ssl: values.KAFKA_SSL, sasl: saslFrom(values), sessionTimeoutMs };
}

function saslFrom({ KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password }: Variables): SaslConfig | undefined {
  return mechanism && { mechanism, username: username!, password: password! };
}
