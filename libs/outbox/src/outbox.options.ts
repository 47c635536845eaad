import type { MessagingOptions } from '@nestbox/messaging';

export interface RelayOptions {
  /** Whether this process may publish the context's outbox. Default true. Leases choose between several processes. */
  readonly enabled?: boolean;
  /** Rows per read and per publish. Default 1000. */
  readonly batchSize?: number;
  /** How many relays share the work, each with its own keys. Default 1. Cannot be changed once rows were written. */
  readonly slices?: number;
  /** The table is read at least this often, in ms, also without a notification. Default 500. */
  readonly pollMs?: number;
  /** Another relay takes over when the lease was not renewed for this many ms. Default 10 000. */
  readonly leaseMs?: number;
}

export interface OutboxOptions {
  /** Writes are refused with OUTBOX_FULL while the tables are larger than this, in bytes. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Writes are accepted again when fewer events than this wait to be published. Default 10 000. */
  readonly resumeBelow?: number;
}

export interface OutboxModuleOptions extends MessagingOptions {
  readonly outbox?: OutboxOptions;
  readonly relay?: RelayOptions;
}
