export { OutboxModule } from './outbox.module.js';
export type { OutboxModuleOptions, OutboxOptions, RelayOptions } from './outbox.options.js';

export { IdempotencyKeyInterceptor } from './http/idempotency-key.interceptor.js';

export { AggregateRepository, goneFrom, stateAs } from './outbox/aggregate.repository.js';
export type { AggregateState } from './outbox/aggregate.repository.js';
export { OutboxInterceptor } from './http/outbox.interceptor.js';
export { Outbox } from './outbox/outbox.js';
export { unpublished, unpublishedRows } from './outbox/unpublished.sql.js';

export { RelayConnection } from './relay/relay-connection.js';
export { RelayLeases } from './relay/relay-leases.js';
export type { RelayLease } from './relay/relay-leases.js';
export { RelayMetrics } from './relay/relay-metrics.js';
export { Relay } from './relay/relay.js';
