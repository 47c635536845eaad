import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@nestbox/messaging';
import type { AsyncOptions, MessagingModuleOptions } from '@nestbox/messaging';
import { IdempotencyKeyInterceptor } from './http/idempotency-key.interceptor.js';
import type { OutboxModuleOptions } from './outbox.options.js';
import { OutboxCapacity } from './outbox/outbox-capacity.js';
import { OutboxSignal } from './outbox/outbox-signal.js';
import { OutboxInterceptor } from './http/outbox.interceptor.js';
import { Outbox } from './outbox/outbox.js';
import { RelayLeases } from './relay/relay-leases.js';
import { RelayMetrics } from './relay/relay-metrics.js';
import { Relay } from './relay/relay.js';

const PARTS = [IdempotencyKeyInterceptor, Outbox, OutboxInterceptor, OutboxCapacity, OutboxSignal, Relay, RelayLeases, RelayMetrics];

/** The outbox and its relay. Import it beside MessagingModule, or alone with `forRoot`. */
@Global()
@Module({ providers: PARTS, exports: PARTS })
export class OutboxModule {
  static forRoot(options: MessagingModuleOptions & OutboxModuleOptions): DynamicModule {
    return OutboxModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync(options: AsyncOptions<MessagingModuleOptions & OutboxModuleOptions>): DynamicModule {
    return { module: OutboxModule, imports: [MessagingModule.forRootAsync(options)] };
  }
}
