import { Config } from './config.js';
import type { AlertingConfig, BrokerConfig, SaslConfig } from './config.js';
import { ConfigError } from './config.error.js';
import { portOffsets, withoutEvents } from './ports.js';
import { readTable } from './read-variables.js';
import type { VariableTable } from './read-variables.js';
import { near } from './settings.js';
import type { Settings } from './settings.js';
import { variables } from './variables.js';
import type { VariableName, Variables } from './variables.js';

/** Throws one ConfigError with all faults, including those of the app's own settings. `app` decides the default port. */
export function loadConfig(env: NodeJS.ProcessEnv, app: string, settings?: Settings): Config {
  const values = readAll(env, app, settings);
  const production = values.NODE_ENV === 'production';
  return new Config({
    app,
    host: values.APP_HOST,
    port: values.PORT ?? values.PORT_BASE + portOffsets[app]!,
    databaseUrl: values.DATABASE_URL!,
    broker: brokerFrom(values),
    operators: values.NESTBOX_OPERATORS ?? [],
    accountsUrl: values.ACCOUNTS_URL ?? `http://${near(values)('accounts')}`,
    development: values.NODE_ENV === 'development',
    schemaRegistryUrl: values.SCHEMA_REGISTRY_URL,
    subjectKeysUrl: values.SUBJECT_KEYS_URL,
    alerting: alertingFrom(values),
    tracing: tracingFrom(values),
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (production ? 'json' : 'pretty'),
  });
}

/** Returns the platform's variables; throws when any of them, or of the app's own, is invalid. */
function readAll(env: NodeJS.ProcessEnv, app: string, settings?: Settings): Variables {
  const table: VariableTable & typeof variables = { ...variables, ...settings?.variables };
  const { values, faults } = readTable(env, table);
  for (const name of new Set([...needed(values, app), ...(settings?.needed(values) ?? [])])) {
    const malformed = faults.some((fault) => fault.startsWith(`${name} `));
    if (values[name] === undefined && !malformed) faults.push(`${name} is not set, expected ${table[name]!.expected}`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return values;
}

function needed(values: Variables, app: string): VariableName[] {
  const names: VariableName[] = ['DATABASE_URL', values.BROKER === 'kafka' ? 'KAFKA_BROKERS' : 'BROKER_DATABASE_URL'];
  if (values.BROKER === 'kafka' && values.KAFKA_SASL_MECHANISM) names.push('KAFKA_USERNAME', 'KAFKA_PASSWORD');
  if (portOffsets[app] === undefined) names.push('PORT');
  // Without operators nobody could look after it, and customers could not sign in elsewhere than here.
  if (values.NODE_ENV === 'production') names.push('NESTBOX_OPERATORS', 'ACCOUNTS_URL');
  // Without its keys, personal data would travel and stay in the clear.
  if (values.NODE_ENV === 'production' && !withoutEvents.includes(app)) names.push('SUBJECT_KEYS_URL');
  // The default is the local mail catcher, for development only: in production it would silently lose alerts.
  if (values.ALERT_MAIL_TO !== undefined && values.NODE_ENV === 'production') names.push('SMTP_URL');
  return names;
}

function alertingFrom(values: Variables): AlertingConfig {
  const { ALERT_MAIL_TO: to, ALERT_MAIL_FROM: from } = values;
  return {
    webhookUrl: values.ALERT_WEBHOOK_URL,
    heartbeatUrl: values.ALERT_HEARTBEAT_URL,
    mail: to === undefined ? undefined : { smtpUrl: values.SMTP_URL ?? `smtp://${near(values)('smtp')}`, from, to },
    thresholds: given({
      parkedMs: values.ALERT_PARKED_SECONDS,
      outboxMs: values.ALERT_OUTBOX_SECONDS,
      stalledMs: values.ALERT_STALLED_SECONDS,
      // A group may wait for the session of a dead member; that ends by itself.
      downMs: values.ALERT_DOWN_SECONDS ?? values.CONSUMER_SESSION_SECONDS + 30,
    }),
  };
}

/** Converts seconds to milliseconds; absent values stay absent, so that the reader's defaults apply. */
function given<Name extends string>(seconds: Record<Name, number | undefined>): { [Each in Name]?: number } {
  const present = Object.entries<number | undefined>(seconds).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, value * 1_000])) as { [Each in Name]?: number };
}

function tracingFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: share }: Variables): Config['tracing'] {
  return endpoint === undefined ? undefined : { endpoint, share };
}

function brokerFrom(values: Variables): BrokerConfig {
  const sessionTimeoutMs = values.CONSUMER_SESSION_SECONDS * 1_000;
  if (values.BROKER === 'postgres') return { kind: 'postgres', url: values.BROKER_DATABASE_URL!, sessionTimeoutMs };
  const brokers = values.KAFKA_BROKERS!.split(',').map((entry) => entry.trim());
  return { kind: 'kafka', brokers, ssl: values.KAFKA_SSL, sasl: saslFrom(values), sessionTimeoutMs, maxUnpackedBytes: values.KAFKA_MAX_UNPACKED_MIB * 1024 * 1024 };
}

function saslFrom({ KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password }: Variables): SaslConfig | undefined {
  return mechanism && { mechanism, username: username!, password: password! };
}
