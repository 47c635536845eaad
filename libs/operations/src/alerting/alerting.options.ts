import type { AlertChannel } from './alert-channel.js';

export interface AlertThresholds {
  /** An event has waited for an operator for so long. Default: an hour. */
  readonly parkedMs?: number;
  /** An event has waited to be published for so long. Default: a minute. */
  readonly outboxMs?: number;
  /** A group has had a lag, and no progress, for so long. Default: a minute. */
  readonly stalledMs?: number;
  /** A consumer has not been consuming for so long. Default: 30 s. */
  readonly downMs?: number;
}

export interface AlertingOptions {
  /** How often each process looks at the context's health, in ms. Default 5000; 0 switches the watch off. */
  readonly everyMs?: number;
  /** What no process has seen for so long, in ms, is over: several looks, slow ones included. Default 30 000. */
  readonly clearAfterMs?: number;
  readonly thresholds?: AlertThresholds;
  /** Gets a POST of each notice as JSON. */
  readonly webhookUrl?: string;
  readonly mail?: { readonly smtpUrl: string; readonly from: string; readonly to: string };
  /** Further ways to reach somebody. */
  readonly channels?: readonly AlertChannel[];
  /** Gets a POST every minute while a process of the context is well enough to watch: its silence is an alert too. */
  readonly heartbeatUrl?: string;
}

export const CLEAR_AFTER_MS = 30_000;
export const WATCH_EVERY_MS = 5_000;
