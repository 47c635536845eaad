import { Inject, Injectable, Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, migrate, UnitOfWork } from '@nestbox/database';
import { AggregateRoot, defineEvent } from '@nestbox/kernel';
import { eventingMigrations } from '@nestbox/messaging';
import { AggregateRepository, Outbox, OutboxModule } from '@nestbox/outbox';
import { brokerMigrations, PostgresLogBroker } from '@nestbox/postgres-log';
import { DataSource, EntitySchema } from 'typeorm';
import { z } from 'zod';

// An app that knows Nestbox by its packages alone: it is compiled and run in a folder outside of this repository. Run once to
// write, and with `relay` to publish.

const schema = z.object({ orderId: z.string().min(1), totalCents: z.int() });
const OrderPlaced = defineEvent({
  type: 'OrderPlaced',
  version: 1,
  topic: 'checkout.orders',
  description: 'A customer has placed an order.',
  schema,
  key: ({ orderId }) => orderId,
  examples: [{ orderId: 'order-1', totalCents: 2500 }],
});

class Order extends AggregateRoot {
  id!: string;

  static place(id: string, totalCents: number): Order {
    const order = Object.assign(new Order(), { id });
    order.raise(OrderPlaced, { orderId: id, totalCents });
    return order;
  }
}

const OrderTable = new EntitySchema<Order>({
  name: 'Order',
  target: Order,
  tableName: 'orders',
  columns: { id: { type: 'text', primary: true }, version: { type: 'int' } },
});

@Injectable()
class Orders extends AggregateRepository<Order> {
  constructor(@Inject(UnitOfWork) unitOfWork: UnitOfWork, @Inject(Outbox) outbox: Outbox) {
    super(Order, unitOfWork, outbox);
  }
}

const url = process.env['DATABASE_URL'] ?? '';
const broker = new PostgresLogBroker({ url, clientName: 'checkout' });
const topics = [{ name: 'checkout.orders', partitions: 1 }];
const isRelay = process.argv[2] === 'relay';

@Module({
  imports: [
    DatabaseModule.forRoot({ url, entities: [OrderTable] }),
    OutboxModule.forRoot({ context: 'checkout', broker, topics, relay: { enabled: isRelay } }),
  ],
  providers: [Orders],
})
class CheckoutModule {}

class CreateOrders1764000000100 {
  up = (db: { query(sql: string): Promise<unknown> }) => db.query('CREATE TABLE orders (id text PRIMARY KEY, version int NOT NULL)');
  down = (db: { query(sql: string): Promise<unknown> }) => db.query('DROP TABLE orders');
}

/** What lies on the topic, once something does. */
async function published(database: DataSource): Promise<unknown> {
  for (;;) {
    const records = await database.query<{ value: Buffer }[]>('SELECT value FROM log.records');
    if (records[0]) return JSON.parse(records[0].value.toString('utf8'));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function said(app: INestApplicationContext): Promise<object> {
  const database = app.get(DataSource);
  if (isRelay) return { published: await published(database) };
  const [eventId] = await app.get(UnitOfWork).run(() => app.get(Orders).save(Order.place('order-1', 2500)));
  const rows = await database.query<{ topic: string; key: string }[]>('SELECT topic, key FROM nestbox.outbox');
  return { eventId, rows };
}

await migrate({ url, migrations: [...eventingMigrations, CreateOrders1764000000100] });
await migrate({ url, migrations: brokerMigrations });
const app = await NestFactory.createApplicationContext(CheckoutModule, { logger: ['error'] });
process.stdout.write(`${JSON.stringify(await said(app))}\n`);
await app.close();
