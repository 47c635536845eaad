import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationClass } from '@nestbox/database';
import { brokerMigrations, createBroker } from '@nestbox/eventing';
import type { Broker } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import type { CrashPoints } from '@nestbox/eventing/testing';
import { AppProcess, asBuilt, FIRST_READY_MS } from './app-process.js';
import type { BrokerKind } from './brokers.js';
import { Customer } from './customer.js';
import type { Purchase } from './customer.js';
import { Databases } from './databases.js';
import { freePorts } from './free-ports.js';
import { Mailbox } from './mailbox.js';
import { OwnKafka } from './own-kafka.js';
import { buildProcesses, PROCESSES } from './processes.js';
import { Shell } from './shell.js';
import { root, tools } from './tools.js';

// Without a registry everything travels as JSON: what these tests look into is to be legible.
const apps = readdirSync(join(root, 'apps')).filter(
  (app) => app !== 'registry' && existsSync(join(root, 'apps', app, 'src', 'main.ts')),
);

/** Opens the /admin doors of every app of a Shop. */
export const adminToken = 'the-admin-of-these-tests';

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
  readonly onHand: number;
}

/** Enough of everything but one: some orders must be turned down. */
export const shelf: readonly Product[] = [
  { sku: 'mug-blue', name: 'Blue mug', priceCents: 1250, onHand: 100_000 },
  { sku: 'teapot', name: 'Cast iron teapot', priceCents: 4900, onHand: 100_000 },
  { sku: 'tea-green', name: 'Green tea', priceCents: 795, onHand: 100_000 },
  { sku: 'tray-last', name: 'The last few trays', priceCents: 2100, onHand: 30 },
];

/** The whole shop as it really runs: each app a process, databases of its own, a broker of its own, a mailbox. */
export class Shop {
  readonly customers: Customer[] = [];
  private readonly processes: AppProcess[] = [];
  private client?: Broker;

  private constructor(
    readonly kind: BrokerKind,
    readonly home: { readonly home: string; remove(): void },
    readonly databases: Databases,
    readonly mailbox: Mailbox,
    readonly kafka: OwnKafka | undefined,
    /** Further variables of every app. */
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start({ broker, settings = {} }: { broker: BrokerKind; settings?: Record<string, string> }): Promise<Shop> {
    const { temporaryHome } = await tools();
    const home = await temporaryHome();
    const parts = [
      broker === 'kafka' ? OwnKafka.start(home.home) : Promise.resolve(undefined),
      Mailbox.start(),
      migratedDatabases(broker),
      buildProcesses(),
    ] as const;
    const [kafka, mailbox, databases, processes] = await Promise.allSettled(parts);
    const failed = [kafka, mailbox, databases, processes].find(({ status }) => status === 'rejected');
    if (failed) {
      const started = [valueOf(kafka)?.stop(), valueOf(mailbox)?.close(), valueOf(databases)?.drop()];
      await Promise.all(started);
      home.remove();
      throw (failed as PromiseRejectedResult).reason;
    }
    const shop = new Shop(broker, home, valueOf(databases)!, valueOf(mailbox)!, valueOf(kafka), settings);
    await shop.open().catch(async (error: Error) => {
      const words = shop.kafka?.lastWords() ?? '';
      await shop.stop();
      throw new Error(error.message + words, { cause: error });
    });
    return shop;
  }

  private async open(): Promise<void> {
    for (const app of apps) this.processes.push(await this.process(app, asBuilt(app)));
    this.processes.push(await this.process('recorder', [join(PROCESSES, 'recorder.js')]));
    await Promise.all(this.processes.map((process) => process.start()));
    await Promise.all(this.processes.map((process) => process.ready(FIRST_READY_MS)));
    for (const { sku, ...product } of shelf) await this.app('inventory').send('PUT', `/products/${sku}`, product);
    await eventually(async () => expect(await this.query('checkout', 'SELECT sku FROM prices')).toHaveLength(shelf.length), {
      timeoutMs: 20_000,
    });
  }

  app(name: string): AppProcess {
    return this.processes.find((process) => process.name === name)!;
  }

  /** One more of an app, beside the first, in the same consumer group. Not ready yet. */
  async another(name: string): Promise<AppProcess> {
    const script = name === 'recorder' ? [join(PROCESSES, 'recorder.js')] : asBuilt(name);
    const process = await this.process(name, script);
    this.processes.push(process);
    await process.start();
    return process;
  }

  /** Stops the app in good order and starts it so that it kills itself at the nth time that the moment comes. Not ready yet. */
  async doom(name: string, moment: keyof CrashPoints, nth: number): Promise<AppProcess> {
    const app = this.app(name);
    await app.stop();
    await app.start([join(PROCESSES, 'faulty-app.js'), name, moment, String(nth)]);
    return app;
  }

  customer(skus: readonly string[] = shelf.map(({ sku }) => sku)): Customer {
    const customer = new Customer(this.app('checkout').url, skus);
    this.customers.push(customer);
    return customer;
  }

  get purchases(): Purchase[] {
    return this.customers.flatMap(({ purchases }) => purchases);
  }

  query<Row extends object>(context: string, sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.databases.query<Row>(context, sql, values);
  }

  /** Runs a command line as it stands, with `npx nestbox` finding this shop. */
  shell(command: string): Shell {
    const apps = this.processes.map(({ name, url }) => `${name}=${url}`);
    return new Shell(command, {
      NESTBOX_APPS: apps.join(), NESTBOX_ADMIN_TOKEN: adminToken, NESTBOX_ACTOR: 'ada', ...this.brokerVariables(),
    });
  }

  /** The tests' own client of the shop's broker. */
  async broker(): Promise<Broker> {
    if (!this.client) {
      this.client = await createBroker(this.brokerOption(), 'tests');
      await this.client.connect();
    }
    return this.client;
  }

  async stop(): Promise<void> {
    for (const customer of this.customers) customer.goHome();
    await this.client?.close();
    await Promise.all(this.processes.map((process) => process.kill()));
    await Promise.all([this.mailbox.close(), this.databases.drop(), this.kafka?.stop()]);
    this.home.remove();
  }

  private brokerOption() {
    return this.kafka
      ? { kind: 'kafka' as const, brokers: [this.kafka.brokers] }
      : { kind: 'postgres' as const, url: this.databases.urlOf('broker') };
  }

  private brokerVariables(): Record<string, string> {
    const { kind, kafka, databases } = this;
    return { BROKER: kind, ...(kafka ? { KAFKA_BROKERS: kafka.brokers } : { BROKER_DATABASE_URL: databases.urlOf('broker') }) };
  }

  private async process(app: string, script: string[]): Promise<AppProcess> {
    const [port] = (await freePorts(1)) as [number];
    const environment = {
      DATABASE_URL: this.databases.urlOf(app),
      ...this.brokerVariables(),
      SUBJECT_KEYS_URL: this.databases.urlOf('keys'),
      SMTP_URL: this.mailbox.url,
      NESTBOX_ADMIN_TOKEN: adminToken,
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      ...this.settings,
    };
    return new AppProcess({ app, port, home: this.home.home, script, environment });
  }
}

function valueOf<T>(result: PromiseSettledResult<T>): T | undefined {
  return result.status === 'fulfilled' ? result.value : undefined;
}

async function migratedDatabases(broker: BrokerKind): Promise<Databases> {
  const databases = new Databases();
  for (const app of apps) {
    const file = join(root, 'apps', app, 'src', 'persistence', 'migrations', 'index.ts');
    const { migrations } = (await import(file)) as { migrations: readonly MigrationClass[] };
    await databases.create(app, migrations);
  }
  const { migrations } = await import('../processes/arrivals.js');
  await databases.create('recorder', migrations);
  if (broker === 'postgres') await databases.create('broker', brokerMigrations);
  // Of their own, so that the log can be taken away without them.
  await databases.create('keys', brokerMigrations);
  return databases;
}
