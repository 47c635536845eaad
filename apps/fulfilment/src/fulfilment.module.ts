import { Module } from '@nestjs/common';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { FulfilmentSettings, settings } from './fulfilment.settings.js';
import { SagasController } from './http/sagas.controller.js';
import { migrations } from './persistence/migrations/index.js';
import { FulfilOrder } from './saga/fulfil-order.js';

/** Fulfilment: sees to it that every order ends, shipped and paid for or cancelled with nothing left of it. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'fulfilment', migrations, settings, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ database }: Config) => ({ ...database, poolSize: 20 }),
    }),
    EventingModule.forRootAsync({
      inject: [Config, FulfilmentSettings],
      useFactory: ({ eventing }: Config, { timeScale }: FulfilmentSettings) => ({
        ...eventing,
        topics,
        consumer: { keyConcurrency: 4 },
        sagas: { timeScale },
      }),
    }),
    EventingModule.forFeature({ sagas: [FulfilOrder] }),
  ],
  controllers: [SagasController],
})
export class FulfilmentModule {}
