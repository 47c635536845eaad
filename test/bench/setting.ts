import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, migrate } from '@nestbox/database';
import { EventConsumer, EventingModule, eventingMigrations } from '@nestbox/eventing';
import type { Broker, EventingOptions } from '@nestbox/eventing';
import { Client } from 'pg';

const server = process.env.TEST_DATABASE_URL ?? missing('TEST_DATABASE_URL');
export const kafkaBrokers = (process.env.KAFKA_BROKERS ?? missing('KAFKA_BROKERS')).split(',');

/** A migrated database of its own, and its tables for effects. */
export async function freshDatabase(): Promise<{ url: string; client: Client; drop: () => Promise<void> }> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const admin = new Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).toString();
  await migrate({ url, migrations: eventingMigrations });
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE orders (id uuid PRIMARY KEY, total_cents int NOT NULL)');
  await client.query('CREATE TABLE revenue (period text PRIMARY KEY, orders int NOT NULL, total_cents bigint NOT NULL)');
  const drop = async () => {
    await client.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  };
  return { url, client, drop };
}

export interface ContextOptions extends Partial<Omit<EventingOptions, 'broker'>> {
  readonly url: string;
  readonly broker: Broker;
  readonly handlers?: Type[];
}

/** The libraries as a service has them, without HTTP. */
export async function startContext({ url, handlers = [], ...eventing }: ContextOptions): Promise<INestApplication> {
  @Module({
    imports: [
      DatabaseModule.forRoot({ url, poolSize: 10 }),
      EventingModule.forRoot({ context: 'checkout', topics: [{ name: 'checkout.orders', partitions: 6 }], ...eventing }),
    ],
    controllers: handlers,
  })
  class BenchModule {}
  const app = await NestFactory.create(BenchModule, { logger: ['error', 'warn'] });
  if (handlers.length > 0) {
    app.connectMicroservice({ strategy: app.get(EventConsumer) }, { inheritAppConfig: true });
    await app.startAllMicroservices();
  }
  await app.init();
  return app;
}

function missing(name: string): never {
  throw new Error(`${name} is not set: run "npm run bench", which sets everything up.`);
}
