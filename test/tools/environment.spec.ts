import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
const tool = join(process.cwd(), 'tools', 'start', 'environment.mjs');
const environmentOf: (app: string, shop: object) => Record<string, string> = (await import(tool)).environmentOf;

describe('the environment of an app', () => {
  const { env } = process;
  const home = mkdtempSync(join(tmpdir(), 'nestbox-environment-'));
  const environment = () => environmentOf('email', { home, ports: {}, broker: 'kafka' });

  beforeEach(() => {
    process.env = { PATH: env.PATH, KAFKA_SSL: 'true', KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: 'ada', KAFKA_PASSWORD: 'secret' };
  });
  afterEach(() => {
    process.env = env;
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it('says how to get into a Kafka that somebody named', () => {
    process.env.KAFKA_BROKERS = 'kafka:9093';
    expect(environment()).toMatchObject({ KAFKA_SSL: 'true', KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: 'ada', KAFKA_PASSWORD: 'secret' });
  });

  it('keeps the keys of personal data apart from the log: orders go on while the log is away', () => {
    const { SUBJECT_KEYS_URL, BROKER_DATABASE_URL, DATABASE_URL } = environmentOf('email', { home, ports: { postgres: 1 }, broker: 'postgres' });
    const databases = [SUBJECT_KEYS_URL, BROKER_DATABASE_URL, DATABASE_URL].map((url) => new URL(url!).pathname);
    expect(databases).toEqual(['/keys', '/broker', '/email']);
  });

  it('passes on how long a consumer may be silent', () => {
    process.env.CONSUMER_SESSION_SECONDS = '6';
    expect(environment().CONSUMER_SESSION_SECONDS).toBe('6');
  });

  it('says nothing of it for the one that is started here, and nothing that is not meant for apps', () => {
    process.env.OTEL_SERVICE_NAME = 'shop';
    const names = Object.keys(environment());
    expect(names).toContain('OTEL_SERVICE_NAME');
    expect(names.filter((name) => /^(KAFKA_(SSL|SASL|USER|PASS)|PATH$)/.test(name))).toEqual([]);
  });
});
