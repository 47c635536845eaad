import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { topics } from '@nestbox/contracts';
import type { MigrationClass } from '@nestbox/database';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { EventConsumer } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { eventually, InMemoryBroker } from '@nestbox/eventing/testing';
import type { MessageContract } from '@nestbox/kernel';
import { Config, configureApp } from '@nestbox/platform';
import { DataSource } from 'typeorm';
import { sealed } from './sealed.js';
import type { Seal } from './sealed.js';
import { adminToken, asAdmin, operators } from './tokens.js';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}
type Json = Record<string, unknown>;

/** One app as it really runs: its module, HTTP, a database of its own, and a broker in memory. */
export class ShopApp {
  private constructor(
    readonly app: NestExpressApplication,
    readonly broker: InMemoryBroker,
    /** What the app has warned of since it started. */
    readonly warnings: readonly string[],
    private readonly database: ScratchDatabase,
    readonly url: string,
  ) {}

  /** `settings`: instances of the app's own settings, in place of what the environment says. */
  static async start(
    module: Type,
    migrations: readonly MigrationClass[],
    config: Partial<Config> = {},
    ...settings: object[]
  ): Promise<ShopApp> {
    return ShopApp.on(await scratchDatabase(migrations), module, config, settings);
  }

  /** On the database that the app had before. */
  async restart(module: Type, config: Partial<Config> = {}): Promise<ShopApp> {
    await this.app.close();
    return ShopApp.on(this.database, module, config);
  }

  private static async on(
    database: ScratchDatabase,
    module: Type,
    config: Partial<Config>,
    settings: readonly object[] = [],
  ): Promise<ShopApp> {
    const broker = new InMemoryBroker();
    await broker.ensureTopics(topics);
    const app = module.name.replace(/Module$/, '').toLowerCase();
    const values = { app, databaseUrl: database.url, broker, operators: operators({ admin: adminToken }), ...config };
    const testing = Test.createTestingModule({ imports: [module] });
    for (const known of [new Config(values as never), ...settings]) testing.overrideProvider(known.constructor).useValue(known);
    const warnings: string[] = [];
    const warn = (message: unknown) => void warnings.push(String(message));
    const logger = { log: () => undefined, warn, error: warn, fatal: warn };
    const running = (await testing.compile()).createNestApplication<NestExpressApplication>({ bodyParser: false, logger });
    await configureApp(running, EventConsumer);
    await running.listen(config.port ?? 0, '127.0.0.1');
    const { port } = running.getHttpServer().address() as AddressInfo;
    return new ShopApp(running, broker, warnings, database, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  get<Body = Json>(path: string): Promise<Answer<Body>> {
    return this.send('GET', path);
  }

  /** By default as an admin. A string is sent as it is, anything else as JSON. */
  async send<Body = Json>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Answer<Body>> {
    const json = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(this.url + path, {
      method,
      headers: given({ 'content-type': 'application/json', ...asAdmin, ...headers }),
      ...(body === undefined ? {} : { body: json }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  }

  /** Another context says something; returns the event's id, for saying it again. */
  async hear<Data>(contract: MessageContract<Data>, data: NoInfer<Data>, seal: Seal = {}): Promise<string> {
    const { eventId, record } = sealed(contract, data, seal);
    await this.broker.publish([record]);
    return eventId;
  }

  /** What the app has said on a topic so far, and had others say there. */
  said(topic: string): EventMessage[] {
    const partitions = this.broker.log.topic(topic) ?? [];
    return partitions.flatMap(({ records }) => records.map(({ value }) => JSON.parse(String(value)) as EventMessage));
  }

  query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.app.get(DataSource).query(sql, values);
  }

  /** Resolves once this app's group has handled everything that was said on these topics. */
  async caughtUp(group: string, ...topicNames: string[]): Promise<void> {
    await eventually(async () => {
      const behind = (await this.broker.lag(group, topicNames)).filter(({ end, lag }) => end !== '0' && lag > 0);
      if (behind.length > 0) throw new Error(`${group} is behind on ${behind.map(({ topic }) => topic).join(', ')}`);
    });
  }
}

function given(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
