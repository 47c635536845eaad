import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, migrate, UnitOfWork } from '@nestbox/database';
import { brokerMigrations, EventConsumer, eventingMigrations, EventingModule, HandlesEvent, Outbox } from '@nestbox/eventing';
import type { EventingOptions, EventMessage } from '@nestbox/eventing';
import { AggregateRoot, defineEvent } from '@nestbox/kernel';
import { z } from 'zod';

// As outside/outbox, with everything behind one module, and without a client of Kafka or of mail.

const schema = z.object({ orderId: z.string().min(1) });
const OrderPlaced = defineEvent({
  type: 'OrderPlaced',
  version: 1,
  topic: 'checkout.orders',
  description: 'A customer has placed an order.',
  schema,
  key: ({ orderId }) => orderId,
  examples: [{ orderId: 'order-1' }],
});

class Order extends AggregateRoot {
  place(orderId: string): this {
    this.raise(OrderPlaced, { orderId });
    return this;
  }
}

let hear: (orderId: string) => void;
const heard = new Promise<string>((resolve) => (hear = resolve));

@Controller()
class WhenOrderPlaced {
  @HandlesEvent(OrderPlaced, { id: 'checkout.hear-order' })
  async handle({ data }: EventMessage<z.output<typeof schema>>): Promise<void> {
    hear(data.orderId);
  }
}

const url = process.env['DATABASE_URL'] ?? '';
const options: EventingOptions = {
  context: 'checkout',
  broker: { kind: 'postgres', url },
  topics: [{ name: 'checkout.orders', partitions: 1 }],
  alerting: { everyMs: 0 },
};
/** What the app would say to use Kafka: it has no kafkajs, and has to compile all the same. */
export const onKafka: EventingOptions = {
  ...options,
  broker: { kind: 'kafka', brokers: ['localhost:9092'], ssl: true, sasl: { mechanism: 'plain', username: 'shop', password: 'secret' } },
};

@Module({
  imports: [DatabaseModule.forRoot({ url }), EventingModule.forRoot(options)],
  controllers: [WhenOrderPlaced],
})
class CheckoutModule {}

await migrate({ url, migrations: eventingMigrations });
await migrate({ url, migrations: brokerMigrations });
const app = await NestFactory.create(CheckoutModule, { logger: ['error'] });
app.connectMicroservice({ strategy: app.get(EventConsumer) });
await app.startAllMicroservices();
await app.init();
await app.get(UnitOfWork).run(async () => app.get(Outbox).add(new Order().place('order-1').pendingEvents()));
process.stdout.write(`${JSON.stringify({ heard: await heard })}\n`);
await app.close();
