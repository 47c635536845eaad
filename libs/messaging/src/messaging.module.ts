import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Broker } from './broker/broker.js';
import { CrashPoints, NO_CRASHES } from './crash-points.js';
import { FieldEncryption } from './encryption/field-encryption.js';
import { RecordReader } from './message/record-reader.js';
import { SchemaCache } from './message/schema-cache.js';
import { SchemaMetrics } from './message/schema-metrics.js';
import { EVENTING_OPTIONS } from './messaging.options.js';
import type { AsyncOptions, MessagingModuleOptions } from './messaging.options.js';
import { PauseSwitch } from './pause-switch.js';
import { MessageSpans } from './telemetry/message-spans.js';
import { MetricsRegistry } from './telemetry/metrics-registry.js';

const SHARED = [MessageSpans, MetricsRegistry, PauseSwitch, FieldEncryption, RecordReader, SchemaCache, SchemaMetrics];

/**
 * What outbox and consumer share: the broker, the options, one codec for messages. Global within the app; needs
 * DatabaseModule beside it. Closes the broker when the app shuts down.
 */
@Module({})
export class MessagingModule implements OnApplicationShutdown {
  constructor(@Inject(Broker) private readonly broker: Broker) {}

  /** The options of the modules beside it may be given here, too. */
  static forRoot<Options extends MessagingModuleOptions>(options: Options): DynamicModule {
    return MessagingModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ imports = [], inject = [], useFactory }: AsyncOptions<MessagingModuleOptions>): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      imports,
      providers: [
        { provide: EVENTING_OPTIONS, inject, useFactory },
        { provide: Broker, inject: [EVENTING_OPTIONS], useFactory: ({ broker }: MessagingModuleOptions) => broker },
        { provide: CrashPoints, useValue: NO_CRASHES },
        ...SHARED,
      ],
      exports: [EVENTING_OPTIONS, Broker, CrashPoints, ...SHARED],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.broker.close();
  }
}
