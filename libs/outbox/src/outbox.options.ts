import type { MessagingOptions } from '@nestbox/messaging';

export interface RelayOptions {
  /** Whether this process may publish the context's outbox. Default true; among several, leases decide. */
  readonly enabled?: boolean;
  /** Rows per read and per publish. Default 1000. */
  readonly batchSize?: number;
  /** How many relays can share the work, each with its own key buckets. Default 1. Fixed once rows have been written. */
  readonly slices?: number;
  /** Longest wait, in ms, before the table is read without having been woken. Default 500. */
  readonly pollMs?: number;
  /** Another relay takes over after this many ms without a sign of life. Default 10 000. */
  readonly leaseMs?: number;
}

export interface OutboxOptions {
  /** Above so many bytes of tables writes are refused with OUTBOX_FULL. Default 1 GiB. */
  readonly maxBytes?: number;
  /** They are taken again when fewer events than this wait to be published. Default 10 000. */
  readonly resumeBelow?: number;
}

export interface OutboxModuleOptions extends MessagingOptions {
  readonly outbox?: OutboxOptions;
  readonly relay?: RelayOptions;
}
