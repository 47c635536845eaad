import { passwordOf } from '../home.mjs';
import { operatorsOf, tokenOfApp } from './doors.mjs';

const passedOn = /^(ALERT_|OTEL_|LOG_LEVELS$|CONSUMER_SESSION_SECONDS$)/;
const access = /^KAFKA_(SSL|SASL_MECHANISM|USERNAME|PASSWORD)$/;

/**
 * @typedef {{ home: string, ports: Record<string, number>, broker: 'postgres' | 'kafka', kafkaBrokers?: string }} Shop
 */

/**
 * What an app is told about the place that it runs in, and nothing else.
 * @param {string} app
 * @param {Shop} shop
 * @returns {Record<string, string>}
 */
export function environmentOf(app, { home, ports, broker, kafkaBrokers }) {
  // How to get into a Kafka says nothing of the one that is started here.
  const isPassedOn = (/** @type {string} */ name) => passedOn.test(name) || (process.env.KAFKA_BROKERS && access.test(name));
  const given = Object.entries(process.env).filter(([name, value]) => value && isPassedOn(name));
  return {
    NODE_ENV: 'development',
    APP_HOST: '127.0.0.1',
    PORT: String(ports[app]),
    DATABASE_URL: databaseUrl(app, passwordOf(home, app), ports.postgres, app),
    BROKER: broker,
    ...(broker === 'kafka'
      ? { KAFKA_BROKERS: kafkaBrokers ?? `127.0.0.1:${ports.kafka}` }
      : { BROKER_DATABASE_URL: databaseUrl(app, passwordOf(home, app), ports.postgres, 'broker') }),
    SUBJECT_KEYS_URL: databaseUrl(app, passwordOf(home, app), ports.postgres, 'keys'),
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    NESTBOX_OPERATORS: operatorsOf(home),
    SEARCH_URL: `http://127.0.0.1:${ports.search}`,
    ...(app === 'checkout' ? { ORDER_SECRETS_KEY: passwordOf(home, 'order-secrets') } : {}),
    ACCOUNTS_URL: `http://127.0.0.1:${ports.accounts}`,
    .../** @type {Record<string, string>} */ (Object.fromEntries(given)),
    ...schemaRegistry(app, home, ports),
    LOG_LEVEL: process.env.LOG_LEVEL || 'info',
  };
}

/**
 * The environment's own registry, else the shop's; the registry itself needs none.
 * @param {string} app @param {string} home @param {Record<string, number>} ports
 * @returns {Record<string, string>}
 */
function schemaRegistry(app, home, ports) {
  if (app === 'registry') return {};
  if (process.env.SCHEMA_REGISTRY_URL) return { SCHEMA_REGISTRY_URL: process.env.SCHEMA_REGISTRY_URL };
  return { SCHEMA_REGISTRY_URL: `http://${app}:${tokenOfApp(home, app)}@127.0.0.1:${ports.registry}` };
}

/** @param {string} role @param {string} password @param {number | undefined} port @param {string} database */
export function databaseUrl(role, password, port, database) {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
}

/** @param {Record<string, string>} environment @returns {string} lines that a POSIX shell can eval */
export function asExports(environment) {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}
