import { MessagingModule } from '@nestbox/messaging';
import type { AsyncOptions, MessagingModuleOptions } from '@nestbox/messaging';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Audit } from './audit/audit.js';
import type { ConsumerModuleOptions } from './consumer.options.js';
import { EventConsumer } from './consumer/event-consumer.js';
import { GroupMonitor } from './consumer/group-monitor.js';
import { Watchdog } from './consumer/watchdog.js';
import { BoundHandlers, HandlerDiscovery } from './handler/handler-discovery.js';
import { IdempotencyInterceptor } from './handler/idempotency.interceptor.js';
import { ProviderHandlers } from './handler/provider-handlers.js';
import { InboxPruner } from './inbox/inbox-pruner.js';
import { Inbox } from './inbox/inbox.js';
import { ConsumerMetrics } from './metrics/consumer-metrics.js';
import { DeadLetterEditor } from './parking/dead-letter-editor.js';
import { DeadLetters } from './parking/dead-letters.js';
import { DelayedRetries } from './parking/delayed-retries.js';
import { Parking } from './parking/parking.js';
import { Redriver } from './parking/redriver.js';
import { Undecodable } from './parking/undecodable.js';
import { Pauses } from './pause/pauses.js';

const PARTS = [
  Audit,
  BoundHandlers,
  ConsumerMetrics,
  DeadLetters,
  DelayedRetries,
  EventConsumer,
  GroupMonitor,
  HandlerDiscovery,
  IdempotencyInterceptor,
  Inbox,
  InboxPruner,
  DeadLetterEditor,
  Parking,
  Pauses,
  ProviderHandlers,
  Redriver,
  Undecodable,
  Watchdog,
];

/** Handles events once each, in order per key, and parks what fails. Beside MessagingModule, or by `forRoot` alone. */
@Global()
@Module({ imports: [DiscoveryModule], providers: PARTS, exports: PARTS })
export class ConsumerModule {
  static forRoot(options: MessagingModuleOptions & ConsumerModuleOptions): DynamicModule {
    return ConsumerModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync(options: AsyncOptions<MessagingModuleOptions & ConsumerModuleOptions>): DynamicModule {
    return { module: ConsumerModule, imports: [MessagingModule.forRootAsync(options)] };
  }
}
