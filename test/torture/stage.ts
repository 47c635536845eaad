import { join } from 'node:path';
import { apps } from '../support/shop-parts.js';
import { freePorts } from '../support/free-ports.js';
import { Shop } from '../support/shop.js';
import type { BrokerKind } from '../support/brokers.js';
import { root } from '../support/tools.js';
import { LinkProxy } from './proxy.js';

/** PostgreSQL itself, which nobody but the torture kills. */
export interface PostgresServer {
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** What faults are injected into. */
export interface Stage {
  readonly shop: Shop;
  readonly postgres: PostgresServer;
  readonly home: string;
  /** By `<app>.database` and `<app>.broker`. */
  readonly links: ReadonlyMap<string, LinkProxy>;
  readonly signal: AbortSignal;
  /** Dead letters of these keys are the torture's own. */
  readonly poisoned: Set<string>;
}

export const SABOTEUR = `--import=${join(root, 'test', 'torture', 'saboteur.mjs')}`;

/** Starts the shop, then puts a proxy of its own between each app and each server that the app talks to. */
export async function openShop(kind: BrokerKind, home: string): Promise<{ shop: Shop; links: Map<string, LinkProxy> }> {
  const shop = await Shop.start(kind, home);
  try {
    const links = await proxiesOf(shop);
    await Promise.all(apps.map((app) => shop.app(app).stop()));
    if (shop.kafka) await advertise(shop, links);
    for (const app of apps) shop.app(app).configure(throughLinks(shop, links, app));
    await Promise.all(apps.map((app) => shop.app(app).start()));
    await Promise.all(apps.map((app) => shop.app(app).ready(120_000)));
    return { shop, links };
  } catch (error) {
    await shop.stop();
    throw error;
  }
}

async function proxiesOf(shop: Shop): Promise<Map<string, LinkProxy>> {
  const database = new URL(shop.databases.urlOf('checkout'));
  const target = { host: database.hostname, port: Number(database.port) };
  const links = new Map<string, LinkProxy>();
  for (const app of apps) {
    links.set(`${app}.database`, await LinkProxy.before(target));
    const port = shop.kafka ? ((await freePorts(1)) as [number])[0] : target.port;
    links.set(`${app}.broker`, await LinkProxy.before({ ...target, port }));
  }
  return links;
}

/** A client goes on talking to the address that Kafka tells it: each app gets a listener that tells its own proxy's. */
async function advertise(shop: Shop, links: Map<string, LinkProxy>): Promise<void> {
  const kafka = shop.kafka!;
  const { port, controllerPort } = kafka.place;
  const own = apps.map((app) => ({ name: app.toUpperCase(), proxy: links.get(`${app}.broker`)! }));
  const listed = (portOf: (one: (typeof own)[number]) => number) => own.map((one) => `${one.name}://127.0.0.1:${portOf(one)}`);
  kafka.configure({
    listeners: [`PLAINTEXT://127.0.0.1:${port}`, `CONTROLLER://127.0.0.1:${controllerPort}`, ...listed(({ proxy }) => proxy.target.port)].join(),
    'advertised.listeners': [`PLAINTEXT://127.0.0.1:${port}`, ...listed(({ proxy }) => proxy.port)].join(),
    'listener.security.protocol.map': ['PLAINTEXT', 'CONTROLLER', ...own.map(({ name }) => name)].map((name) => `${name}:PLAINTEXT`).join(),
    'inter.broker.listener.name': 'PLAINTEXT',
    // Of each listener: one client each does not need three threads.
    'num.network.threads': '1',
  });
  await kafka.kill();
  await kafka.restart();
}

function throughLinks(shop: Shop, links: Map<string, LinkProxy>, app: string): Record<string, string> {
  const via = (url: string, link: string) => Object.assign(new URL(url), { port: String(links.get(link)!.port) }).href;
  const { databases, kafka } = shop;
  return {
    DATABASE_URL: via(databases.urlOf(app), `${app}.database`),
    ...(kafka ? { KAFKA_BROKERS: `127.0.0.1:${links.get(`${app}.broker`)!.port}` } : { BROKER_DATABASE_URL: via(databases.urlOf('broker'), `${app}.broker`) }),
    NODE_OPTIONS: SABOTEUR,
  };
}
