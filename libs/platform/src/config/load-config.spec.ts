import type { ConfigError } from './config.error.js';
import { loadConfig } from './load-config.js';

const shop = {
  DATABASE_URL: 'postgres://checkout:secret@127.0.0.1:3432/checkout',
  BROKER_DATABASE_URL: 'postgres://checkout:secret@127.0.0.1:3432/broker',
};

function faultsOf(env: NodeJS.ProcessEnv, app = 'checkout'): readonly string[] {
  try {
    loadConfig(env, app);
  } catch (error) {
    return (error as ConfigError).faults;
  }
  return [];
}

describe('config', () => {
  it('derives the port from PORT_BASE and the app', () => {
    expect(loadConfig({ ...shop, PORT_BASE: '15000' }, 'search').port).toBe(15_008);
    expect(loadConfig({ ...shop, PORT_BASE: '15000', PORT: '80' }, 'search').port).toBe(80);
  });

  it('takes the embedded log unless told otherwise', () => {
    expect(loadConfig(shop, 'checkout').broker).toEqual({ kind: 'postgres', url: shop.BROKER_DATABASE_URL, sessionTimeoutMs: 30_000 });
  });

  it('splits the list of Kafka brokers', () => {
    const config = loadConfig({ ...shop, BROKER: 'kafka', KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092' }, 'checkout');
    expect(config.broker).toEqual({ kind: 'kafka', brokers: ['kafka-1:9092', 'kafka-2:9092'], ssl: false, sessionTimeoutMs: 30_000, maxUnpackedBytes: 16_777_216 });
  });

  it('knows how to get into a Kafka that asks who is there, and asks for what is missing', () => {
    const secured = { ...shop, BROKER: 'kafka', KAFKA_BROKERS: 'kafka:9093', KAFKA_SSL: 'true', KAFKA_SASL_MECHANISM: 'scram-sha-512' };
    const { broker } = loadConfig({ ...secured, KAFKA_USERNAME: 'checkout', KAFKA_PASSWORD: 'secret' }, 'checkout');
    expect(broker).toMatchObject({ ssl: true, sasl: { mechanism: 'scram-sha-512', username: 'checkout', password: 'secret' } });
    expect(faultsOf({ ...secured, KAFKA_SSL: 'yes' })).toEqual([
      'KAFKA_SSL is "yes", expected true or false',
      'KAFKA_USERNAME is not set, expected the name that Kafka knows the app by',
      'KAFKA_PASSWORD is not set, expected the password to it',
    ]);
  });

  it('reports all faults at once, each with its variable and what is expected', () => {
    const faults = faultsOf({ BROKER: 'kafka', PORT: '0', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://localhost/shop' });
    expect(faults).toEqual([
      'PORT is "0", expected a port from 1 to 65535',
      'DATABASE_URL is malformed, expected postgres://user:password@host:port/database',
      'LOG_LEVEL is "loud", expected debug, info, warn or error',
      'KAFKA_BROKERS is not set, expected host:port[,host:port…]',
    ]);
  });

  it('never repeats a value that may hold a password', () => {
    expect(faultsOf({ ...shop, DATABASE_URL: 'postgres//checkout:secret@db' }).join()).not.toContain('secret');
  });

  it('treats an empty variable as absent', () => {
    expect(loadConfig({ ...shop, PORT: '', BROKER: ' ' }, 'checkout').port).toBe(3_001);
  });

  it('asks for a mail server in production where alerts are mailed, instead of trusting the loopback', () => {
    const production = { ...shop, NODE_ENV: 'production', NESTBOX_OPERATORS: `ada:admin:${'0'.repeat(64)}`, ACCOUNTS_URL: 'https://accounts.example', SUBJECT_KEYS_URL: 'postgres://keys' };
    expect(faultsOf({ ...production, ALERT_MAIL_TO: 'ops@shop.example' }).join()).toContain('SMTP_URL is not set');
    expect(faultsOf(production)).toEqual([]);
  });

  it('does not start in production where nobody could operate it or personal data would be in the clear, nor with two people under one token', () => {
    expect(faultsOf({ ...shop, NODE_ENV: 'production' })).toEqual([
      expect.stringMatching(/^NESTBOX_OPERATORS is not set, expected entries that "npx nestbox token" makes/),
      expect.stringMatching(/^ACCOUNTS_URL is not set/),
      expect.stringMatching(/^SUBJECT_KEYS_URL is not set/),
    ]);
    const twice = `ada:admin:${'0'.repeat(64)},eve:viewer:${'0'.repeat(64)}`;
    expect(faultsOf({ ...shop, NESTBOX_OPERATORS: twice })).toEqual([expect.stringMatching(/^NESTBOX_OPERATORS is malformed/)]);
  });

  it('writes JSON logs in production and readable ones otherwise', () => {
    expect(loadConfig({ ...shop, NODE_ENV: 'production', NESTBOX_OPERATORS: `ada:admin:${'0'.repeat(64)}`, ACCOUNTS_URL: 'https://accounts.example', SUBJECT_KEYS_URL: 'postgres://keys' }, 'checkout').logFormat).toBe('json');
    expect(loadConfig(shop, 'checkout').logFormat).toBe('pretty');
  });
});
