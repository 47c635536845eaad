import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, UnitOfWork } from '@nestbox/database';
import { EventConsumer, EventingModule, HandlesEvent } from '@nestbox/eventing';
import type { BrokerOption, EventMessage } from '@nestbox/eventing';
import { defineEvent } from '@nestbox/kernel';
import { z } from 'zod';

interface Settings {
  readonly databaseUrl: string;
  readonly broker: BrokerOption;
  readonly topic: string;
  readonly partitions: number;
  /** Events to handle before the process ends by itself. */
  readonly until: number;
}

const { databaseUrl, broker, topic, partitions, until } = JSON.parse(process.env.SLOW_READER ?? '{}') as Settings;

const PhotoTaken = defineEvent({
  type: 'PhotoTaken',
  version: 1,
  topic: topic as 'shop.photos',
  description: 'A product has been photographed.',
  schema: z.object({ sku: z.string(), pixels: z.string() }),
  key: ({ sku }) => sku,
  examples: [{ sku: 'mug-blue', pixels: '' }],
});

let handled = 0;

/** Takes its time over each of many large events, and tells at its end how large the process became. */
@Controller()
class WhenPhotoTaken {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @HandlesEvent(PhotoTaken, { id: 'shop.develop-photo' })
  async develop({ eventId, data: { sku, pixels } }: EventMessage<{ sku: string; pixels: string }>): Promise<void> {
    await pause(20);
    const values = [eventId, sku, pixels.length];
    this.unitOfWork.write({ name: 'developed', text: 'INSERT INTO developed VALUES ($1, $2, $3)', values });
    handled += 1;
  }
}

@Module({
  imports: [
    DatabaseModule.forRoot({ url: databaseUrl }),
    EventingModule.forRoot({ context: 'shop', group: topic, broker, topics: [{ name: topic, partitions }], relay: { enabled: false } }),
  ],
  controllers: [WhenPhotoTaken],
})
class ReaderModule {}

const app = await NestFactory.create(ReaderModule, { logger: ['error', 'warn'] });
app.connectMicroservice({ strategy: app.get(EventConsumer) }, { inheritAppConfig: true });
await app.init();
await app.startAllMicroservices();
while (handled < until) await pause(50);
await app.close();
process.stdout.write(`${JSON.stringify({ handled, maxRssMiB: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`);
process.exit(0);
