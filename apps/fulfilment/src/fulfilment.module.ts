import { Module } from '@nestjs/common';
import { topics } from '@nestbox/contracts';
import { DatabaseModule } from '@nestbox/database';
import { EventingHealth, EventingModule } from '@nestbox/eventing';
import { Config, PlatformModule } from '@nestbox/platform';
import { SagasController } from './http/sagas.controller.js';
import { migrations } from './persistence/migrations/index.js';
import { FulfilOrder } from './saga/fulfil-order.js';

/** Fulfilment: sees to it that every order ends, shipped and paid for or cancelled with nothing left of it. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'fulfilment', migrations, probes: [EventingHealth] }),
    DatabaseModule.forRootAsync({
      inject: [Config],
      useFactory: ({ databaseUrl }: Config) => ({ url: databaseUrl, poolSize: 20, applicationName: 'fulfilment' }),
    }),
    EventingModule.forRootAsync({
      inject: [Config],
      useFactory: ({ broker, alerting, adminTokens, sagaTimeScale: timeScale, schemaRegistryUrl, subjectKeysUrl: subjectKeys }: Config) => ({
        context: 'fulfilment',
        broker,
        topics,
        schemaRegistryUrl,
        subjectKeys,
        alerting,
        adminTokens,
        consumer: { keyConcurrency: 4 },
        sagas: { timeScale },
      }),
    }),
  ],
  controllers: [SagasController],
  providers: [FulfilOrder],
})
export class FulfilmentModule {}
