import { parseOperatorTokens } from '@nestbox/access';
import { z } from 'zod';
import { urlOf } from './read-variables.js';
import type { ValuesOf, VariableTable } from './read-variables.js';

const port = z.coerce.number().int().min(1).max(65_535);
const operators = z.string().transform((text, { addIssue }) => {
  try {
    return parseOperatorTokens(text);
  } catch (error) {
    addIssue((error as Error).message);
    return z.NEVER;
  }
});
const mailAddress = z.string().regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/);
const seconds = z.coerce.number().int().min(1).max(604_800).optional();
const secondsExpected = 'a whole number of seconds from 1 to 604800';
const hostAndPort = /^[A-Za-z0-9._-]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/;

/** The variables that every app reads. Those without a default may be absent, unless `loadConfig` requires them. */
export const variables = {
  NODE_ENV: {
    schema: z.enum(['development', 'production', 'test']).default('development'),
    expected: 'development, production or test',
  },
  PORT_BASE: { schema: z.coerce.number().int().min(1_024).max(65_000).default(3_000), expected: 'a whole number from 1024 to 65000' },
  PORT: { schema: port.optional(), expected: 'a port from 1 to 65535' },
  APP_HOST: { schema: z.string().regex(/^[A-Za-z0-9.:_-]+$/).default('127.0.0.1'), expected: 'a host name or address to listen on' },
  DATABASE_URL: {
    schema: urlOf('postgres:', 'postgresql:').optional(),
    expected: 'postgres://user:password@host:port/database',
    secret: true,
  },
  BROKER: { schema: z.enum(['postgres', 'kafka']).default('postgres'), expected: 'postgres or kafka' },
  BROKER_DATABASE_URL: {
    schema: urlOf('postgres:', 'postgresql:').optional(),
    expected: 'postgres://user:password@host:port/broker',
    secret: true,
  },
  KAFKA_BROKERS: {
    schema: z.string().refine((list) => list.split(',').every((entry) => hostAndPort.test(entry.trim()))).optional(),
    expected: 'host:port[,host:port…]',
  },
  KAFKA_SSL: { schema: z.enum(['true', 'false']).default('false').transform((text) => text === 'true'), expected: 'true or false' },
  KAFKA_SASL_MECHANISM: {
    schema: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
    expected: 'plain, scram-sha-256 or scram-sha-512',
  },
  KAFKA_USERNAME: { schema: z.string().optional(), expected: 'the name that Kafka knows the app by' },
  KAFKA_PASSWORD: { schema: z.string().optional(), expected: 'the password to it', secret: true },
  KAFKA_MAX_UNPACKED_MIB: {
    schema: z.coerce.number().int().min(16).max(1024).default(16),
    expected: 'a whole number from 16 to 1024: batches that unpack to more MiB hold their partition',
  },
  CONSUMER_SESSION_SECONDS: {
    schema: z.coerce.number().int().min(6).max(300).default(30),
    expected: 'a whole number from 6 to 300: so long after its last sign of life a member’s partitions go to others',
  },
  SMTP_URL: { schema: urlOf('smtp:', 'smtps:').optional(), expected: 'smtp://[user:password@]host:port', secret: true },
  NESTBOX_OPERATORS: {
    schema: operators.optional(),
    expected: 'entries that "npx nestbox token" makes, name:role:digest, separated by commas, every name and token once',
    secret: true,
  },
  ACCOUNTS_URL: { schema: urlOf('http:', 'https:').optional(), expected: 'http://host:port of the accounts app, as it stands in its tokens' },
  SCHEMA_REGISTRY_URL: {
    schema: urlOf('http:', 'https:').optional(),
    expected: 'http://[user:password@]host:port of a registry that speaks Confluent’s REST API',
    secret: true,
  },
  SUBJECT_KEYS_URL: {
    schema: urlOf('postgres:', 'postgresql:').optional(),
    expected: 'postgres://user:password@host:port/database with the keys of personal data',
    secret: true,
  },
  ALERT_WEBHOOK_URL: { schema: urlOf('http:', 'https:').optional(), expected: 'http://host/path or https://…', secret: true },
  ALERT_HEARTBEAT_URL: { schema: urlOf('http:', 'https:').optional(), expected: 'http://host/path or https://…', secret: true },
  ALERT_MAIL_TO: { schema: mailAddress.optional(), expected: 'a mail address' },
  ALERT_MAIL_FROM: { schema: mailAddress.default('alerts@nestbox.invalid'), expected: 'a mail address' },
  ALERT_PARKED_SECONDS: { schema: seconds, expected: secondsExpected },
  ALERT_OUTBOX_SECONDS: { schema: seconds, expected: secondsExpected },
  ALERT_STALLED_SECONDS: { schema: seconds, expected: secondsExpected },
  ALERT_DOWN_SECONDS: { schema: seconds, expected: secondsExpected },
  OTEL_EXPORTER_OTLP_ENDPOINT: { schema: urlOf('http:', 'https:').optional(), expected: 'http://host:4318 of an OpenTelemetry collector' },
  OTEL_TRACES_SAMPLER_ARG: {
    schema: z.coerce.number().min(0).max(1).default(1),
    expected: 'a number from 0 to 1: the share of traces that is collected',
  },
  LOG_LEVEL: { schema: z.enum(['debug', 'info', 'warn', 'error']).default('info'), expected: 'debug, info, warn or error' },
  LOG_LEVELS: {
    schema: z.string().regex(/^[A-Za-z][\w-]*=(debug|info|warn|error)(,[A-Za-z][\w-]*=(debug|info|warn|error))*$/).optional(),
    expected: 'levels of single modules as they name themselves in log lines, such as Relay=debug,Http=error',
  },
  LOG_FORMAT: { schema: z.enum(['json', 'pretty']).optional(), expected: 'json or pretty' },
} satisfies VariableTable;

export type VariableName = keyof typeof variables;
export type Variables = ValuesOf<typeof variables>;

/** Names of all variables that every app reads. */
export const knownVariables: readonly VariableName[] = Object.keys(variables) as VariableName[];
