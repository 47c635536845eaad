import { join } from 'node:path';
import { createBroker } from '@nestbox/eventing';
import type { Broker } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import type { CrashPoints } from '@nestbox/eventing/testing';
import { AppProcess, asBuilt, FIRST_READY_MS } from './app-process.js';
import type { AppHandedOn } from './app-process.js';
import type { BrokerKind } from './brokers.js';
import { Customer } from './customer.js';
import type { Purchase } from './customer.js';
import type { Collector } from './collector.js';
import type { Databases } from './databases.js';
import { freePorts } from './free-ports.js';
import type { Mailbox, ReceivedMail } from './mailbox.js';
import type { OwnKafka } from './own-kafka.js';
import { PROCESSES } from './processes.js';
import { Shell } from './shell.js';
import { adminEntry, adminToken } from './tokens.js';
import { shelf } from './shelf.js';
import { adoptParts, apps, handOnParts, startParts } from './shop-parts.js';
import type { PartsHandedOn, ShopParts } from './shop-parts.js';

/** Opens the /admin doors of every app of a Shop. */

/** So long a group waits for a member that was killed, before others get its partitions. */
const SESSION_SECONDS = '8';

/** A shop between two files of tests: its processes run on, its accounts go with it. */
export interface ShopHandedOn {
  readonly parts: PartsHandedOn;
  readonly apps: readonly AppHandedOn[];
  readonly purchases: readonly Purchase[];
  readonly mails: readonly ReceivedMail[];
  readonly repeatsExcused: number;
}

/** The whole shop as it really runs: each app a process, databases of its own, a broker of its own, a mailbox. */
export class Shop {
  readonly customers: Customer[] = [];
  readonly databases: Databases;
  readonly mailbox: Mailbox;
  readonly collector: Collector;
  readonly kafka: OwnKafka | undefined;
  private readonly processes: AppProcess[] = [];
  private client?: Broker;

  private constructor(
    readonly kind: BrokerKind,
    readonly home: string,
    private readonly parts: ShopParts,
    /** What was ordered before this file came. */
    private readonly past: readonly Purchase[] = [],
  ) {
    ({ databases: this.databases, mailbox: this.mailbox, collector: this.collector, kafka: this.kafka } = parts);
  }

  static async start(kind: BrokerKind, home: string): Promise<Shop> {
    const shop = new Shop(kind, home, await startParts(kind, home));
    await shop.open().catch(async (error: Error) => {
      const words = shop.kafka?.lastWords() ?? '';
      await shop.stop();
      throw new Error(error.message + words, { cause: error });
    });
    return shop;
  }

  static async adopt(kind: BrokerKind, home: string, given: ShopHandedOn): Promise<Shop> {
    const shop = new Shop(kind, home, await adoptParts(given.parts), given.purchases);
    shop.mailbox.received.push(...given.mails);
    shop.mailbox.repeatsExcused = given.repeatsExcused;
    for (const { app, port, process } of given.apps) {
      const adopted = shop.process(app, port);
      await adopted.adopt(process);
      shop.processes.push(adopted);
    }
    return shop;
  }

  private async open(): Promise<void> {
    for (const app of [...apps, 'recorder']) this.processes.push(await this.newProcess(app));
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
    const process = await this.newProcess(name);
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
    return [...this.past, ...this.customers.flatMap(({ purchases }) => purchases)];
  }

  query<Row extends object>(context: string, sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.databases.query<Row>(context, sql, values);
  }

  /** Runs a command line as it stands, with `npx nestbox` finding this shop. */
  shell(command: string): Shell {
    // Not the second instances: they may have gone.
    const apps = [...new Set(this.processes.map(({ name }) => name))].map((name) => `${name}=${this.app(name).url}`);
    return new Shell(command, {
      NESTBOX_APPS: apps.join(), NESTBOX_TOKEN: adminToken, NESTBOX_ACTOR: 'ada', ...this.brokerVariables(),
    });
  }

  /** The tests' own client of the shop's broker. */
  async broker(): Promise<Broker> {
    if (!this.client) {
      const { kafka, databases } = this;
      const option = kafka ? { kind: 'kafka' as const, brokers: [kafka.brokers] } : { kind: 'postgres' as const, url: databases.urlOf('broker') };
      this.client = await createBroker(option, 'tests');
      await this.client.connect();
    }
    return this.client;
  }

  /** Leaves it running, for `adopt`. Throws when it is not as others expect to find it. */
  async handOn(): Promise<ShopHandedOn> {
    const ownOf = (name: string) => this.processes.find((process) => process.name === name);
    const guests = this.processes.filter((process) => process !== ownOf(process.name) && process.running());
    if (guests.length > 0) throw new Error(`${guests.map(({ name }) => name).join()} runs twice`);
    const apps = await Promise.all([...new Set(this.processes.map(({ name }) => name))].map((name) => this.app(name).handOn()));
    const parts = await handOnParts(this.parts);
    const mails = this.mailbox.received.map((mail) => ({ ...mail, raw: '' }));
    await this.leave();
    await this.databases.close();
    return { parts, apps, purchases: this.purchases, mails, repeatsExcused: this.mailbox.repeatsExcused };
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.running() && process.kill()));
    await this.leave();
    await Promise.all([this.databases.drop(), this.kafka?.stop()]);
  }

  /** Closes what is this process's own. */
  private async leave(): Promise<void> {
    for (const customer of this.customers) customer.goHome();
    await this.client?.close();
    await Promise.all([this.mailbox.close(), this.collector.stop()]);
  }

  private brokerVariables(): Record<string, string> {
    const { kind, kafka, databases } = this;
    return { BROKER: kind, ...(kafka ? { KAFKA_BROKERS: kafka.brokers } : { BROKER_DATABASE_URL: databases.urlOf('broker') }) };
  }

  private async newProcess(app: string): Promise<AppProcess> {
    const [port] = (await freePorts(1)) as [number];
    return this.process(app, port);
  }

  private process(app: string, port: number): AppProcess {
    const script = app === 'recorder' ? [join(PROCESSES, 'recorder.js')] : asBuilt(app);
    const environment = {
      DATABASE_URL: this.databases.urlOf(app),
      ...this.brokerVariables(),
      ORDER_SECRETS_KEY: 'the-key-of-guests-of-these-tests',
      SUBJECT_KEYS_URL: this.databases.urlOf('keys'),
      SMTP_URL: this.mailbox.url,
      NESTBOX_OPERATORS: adminEntry,
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      CONSUMER_SESSION_SECONDS: SESSION_SECONDS,
      // Only of traces that their caller wants to be collected.
      OTEL_EXPORTER_OTLP_ENDPOINT: this.collector.url,
      OTEL_TRACES_SAMPLER_ARG: '0',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    return new AppProcess({ app, port, home: this.home, script, environment });
  }
}
