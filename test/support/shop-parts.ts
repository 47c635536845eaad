import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationClass } from '@nestbox/database';
import { brokerMigrations, subjectKeyMigrations } from '@nestbox/eventing';
import type { BrokerKind } from './brokers.js';
import { Collector } from './collector.js';
import { Databases } from './databases.js';
import { Mailbox } from './mailbox.js';
import { OwnKafka } from './own-kafka.js';
import type { KafkaHandedOn } from './own-kafka.js';
import { buildProcesses } from './processes.js';
import { root } from './tools.js';

// Without a registry everything travels as JSON: what these tests look into is to be legible.
export const apps = readdirSync(join(root, 'apps')).filter(
  (app) => app !== 'registry' && existsSync(join(root, 'apps', app, 'src', 'main.ts')),
);

/** What the apps of a shop stand on. */
export interface ShopParts {
  readonly databases: Databases;
  readonly mailbox: Mailbox;
  readonly collector: Collector;
  readonly kafka: OwnKafka | undefined;
}

/** What is needed to go on with parts that another file has started. */
export interface PartsHandedOn {
  readonly databases: { readonly prefix: string; readonly contexts: readonly string[] };
  readonly mailboxPort: number;
  readonly collectorPort: number;
  readonly kafka: KafkaHandedOn | undefined;
}

export async function startParts(broker: BrokerKind, home: string): Promise<ShopParts> {
  const starting = [
    migratedDatabases(broker),
    Mailbox.start(),
    Collector.start(),
    broker === 'kafka' ? OwnKafka.start(home) : Promise.resolve(undefined),
    buildProcesses(),
  ] as const;
  const results = await Promise.allSettled(starting);
  const failed = results.find(({ status }) => status === 'rejected');
  const [databases, mailbox, collector, kafka] = [valueOf(results[0]), valueOf(results[1]), valueOf(results[2]), valueOf(results[3])];
  if (!failed) return { databases: databases!, mailbox: mailbox!, collector: collector!, kafka };
  await Promise.all([databases?.drop(), mailbox?.close(), collector?.stop(), kafka?.stop()]);
  throw (failed as PromiseRejectedResult).reason;
}

/** Mailbox and collector are this process's own, on the ports that the apps know. */
export async function adoptParts(given: PartsHandedOn): Promise<ShopParts> {
  const databases = new Databases(given.databases.prefix);
  for (const context of given.databases.contexts) databases.open(context);
  return {
    databases,
    mailbox: await Mailbox.start(given.mailboxPort),
    collector: await Collector.start(given.collectorPort),
    kafka: given.kafka && (await OwnKafka.adopt(given.kafka)),
  };
}

export async function handOnParts({ databases, mailbox, collector, kafka }: ShopParts): Promise<PartsHandedOn> {
  const { prefix, contexts } = databases;
  return {
    databases: { prefix, contexts },
    mailboxPort: mailbox.port,
    collectorPort: collector.port,
    kafka: await kafka?.handOn(),
  };
}

function valueOf<T>(result: PromiseSettledResult<T>): T | undefined {
  return result.status === 'fulfilled' ? result.value : undefined;
}

/** Commands run what was built, jest the sources. */
const isBuilt = import.meta.url.endsWith('.js');

async function migratedDatabases(broker: BrokerKind): Promise<Databases> {
  const databases = new Databases();
  for (const app of apps) {
    const file = isBuilt
      ? join(root, 'dist', 'apps', app, 'persistence', 'migrations', 'index.js')
      : join(root, 'apps', app, 'src', 'persistence', 'migrations', 'index.ts');
    const { migrations } = (await import(file)) as { migrations: readonly MigrationClass[] };
    await databases.create(app, migrations);
  }
  const { migrations } = await import('../processes/arrivals.js');
  await databases.create('recorder', migrations);
  if (broker === 'postgres') await databases.create('broker', brokerMigrations);
  await databases.create('keys', subjectKeyMigrations);
  return databases;
}
