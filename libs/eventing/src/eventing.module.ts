import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ConsumerModule } from '@nestbox/consumer';
import { MessagingModule } from '@nestbox/messaging';
import { OperationsModule } from '@nestbox/operations';
import { OutboxModule } from '@nestbox/outbox';
import { ProjectionsModule } from '@nestbox/projections';
import { SagasModule } from '@nestbox/sagas';
import { createBroker } from './create-broker.js';
import { EventingHealth } from './eventing.health.js';
import type { EventingAsyncOptions, EventingFeature, EventingOptions, OperationsOption } from './eventing.options.js';

/** Everything of one context: outbox, relay, consumer, inbox, projections, sagas, operations. Global. Needs DatabaseModule. */
@Module({})
export class EventingModule {
  static forRoot(options: EventingOptions): DynamicModule {
    return EventingModule.forRootAsync({ useFactory: () => options, operations: options.operations });
  }

  static forFeature({ sagas }: EventingFeature): DynamicModule {
    return SagasModule.forFeature(...sagas);
  }

  static forRootAsync({ imports, inject, useFactory, operations = {} }: EventingAsyncOptions): DynamicModule {
    const messaging = {
      imports,
      inject,
      useFactory: async (...args: never[]) => {
        const options = await useFactory(...args);
        return { ...options, broker: await createBroker(options.broker, options.context) };
      },
    };
    return {
      module: EventingModule,
      global: true,
      imports: [MessagingModule.forRootAsync(messaging), OutboxModule, ConsumerModule, ProjectionsModule, SagasModule, ...operationsModule(operations)],
      providers: [EventingHealth],
      exports: [EventingHealth],
    };
  }
}

function operationsModule(option: OperationsOption): (DynamicModule | typeof OperationsModule)[] {
  if (option === false) return [];
  return [option.path ? OperationsModule.under(option.path) : OperationsModule];
}
