import { ConfigError } from './config.error.js';
import { portOffsets, smtpOffset } from './ports.js';
import { readVariables, variables } from './variables.js';
import type { VariableName, Variables } from './variables.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'json' | 'pretty';
export type BrokerConfig =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'kafka'; readonly brokers: readonly string[] };

/** Who may open the /admin doors; a role whose token is not set lets nobody in. */
export interface AdminTokens {
  readonly viewer?: string;
  readonly operator?: string;
  readonly admin?: string;
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
  readonly adminTokens!: AdminTokens;
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
    smtpUrl: values.SMTP_URL ?? `smtp://127.0.0.1:${values.PORT_BASE + smtpOffset}`,
    adminTokens: {
      viewer: values.NESTBOX_VIEWER_TOKEN,
      operator: values.NESTBOX_OPERATOR_TOKEN,
      admin: values.NESTBOX_ADMIN_TOKEN,
    },
    searchUrl: values.SEARCH_URL ?? `http://127.0.0.1:${values.PORT_BASE + portOffsets.search!}`,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (production ? 'json' : 'pretty'),
  });
}

function needed(values: Variables, app: string): VariableName[] {
  const names: VariableName[] = ['DATABASE_URL', values.BROKER === 'kafka' ? 'KAFKA_BROKERS' : 'BROKER_DATABASE_URL'];
  if (portOffsets[app] === undefined) names.push('PORT');
  // The catcher on the loopback is a convenience of development: in production a silent default would lose mail.
  if (app === 'email' && values.NODE_ENV === 'production') names.push('SMTP_URL');
  return names;
}

function brokerFrom(values: Variables): BrokerConfig {
  if (values.BROKER === 'postgres') return { kind: 'postgres', url: values.BROKER_DATABASE_URL! };
  return { kind: 'kafka', brokers: values.KAFKA_BROKERS!.split(',').map((entry) => entry.trim()) };
}
