/** A problem found in one check of the context. */
export interface Finding {
  readonly rule: AlertRule;
  /** A handler, a group or the outbox. Rule and subject identify the alert. */
  readonly subject: string;
  /** One line for the person on call: what is wrong, and to what extent. */
  readonly summary: string;
}

export type AlertRule =
  | 'key-parked'
  | 'parked-too-long'
  | 'outbox-too-old'
  | 'events-refused'
  | 'consumer-stalled'
  | 'consumer-down'
  | 'saga-stuck';

/** What a channel sends. */
export interface AlertNotice extends Finding {
  readonly context: string;
  readonly what: 'raised' | 'cleared';
  /** ISO 8601, UTC. */
  readonly raisedAt: string;
  readonly clearedAt: string | null;
}

export const RULES: readonly AlertRule[] = [
  'key-parked',
  'parked-too-long',
  'outbox-too-old',
  'events-refused',
  'consumer-stalled',
  'consumer-down',
  'saga-stuck',
];

/**
 * PORT: a way to notify people. Adapters: the log, a webhook, mail. `send` resolves when the receiver has accepted the
 * notice; when it rejects, the notice is sent again. A notice may arrive twice when a process dies meanwhile.
 */
export abstract class AlertChannel {
  /** Pending notices are stored under this name, so it must never change. */
  abstract readonly name: string;
  abstract send(notice: AlertNotice): Promise<void>;
  abstract close(): Promise<void>;
}

/** `RAISED key-parked in email: …` */
export function headline({ what, rule, context, summary }: AlertNotice): string {
  return `${what.toUpperCase()} ${rule} in ${context}: ${summary}`;
}

export interface AlertThresholds {
  /** Alert when an event has waited for an operator this long. Default: an hour. */
  readonly parkedMs?: number;
  /** Alert when an event has waited to be published this long. Default: a minute. */
  readonly outboxMs?: number;
  /** Alert when a group with lag has made no progress this long. Default: a minute. */
  readonly stalledMs?: number;
  /** Alert when a consumer has been down this long. Default: a minute. Must exceed the session. */
  readonly downMs?: number;
}

export interface AlertingOptions {
  /** Interval in ms at which each process checks the context's health. Default 5000; 0 switches it off. */
  readonly everyMs?: number;
  /** An alert that no process has seen for this many ms is cleared. Must exceed several checks. Default 30 000. */
  readonly clearAfterMs?: number;
  readonly thresholds?: AlertThresholds;
  /** Gets a POST of each notice as JSON. */
  readonly webhookUrl?: string;
  readonly mail?: { readonly smtpUrl: string; readonly from: string; readonly to: string };
  /** Further channels of your own. */
  readonly channels?: readonly AlertChannel[];
  /** Gets a POST every minute while health checks run. Let your monitoring alert when it stops. */
  readonly heartbeatUrl?: string;
}

export const CLEAR_AFTER_MS = 30_000;
export const WATCH_EVERY_MS = 5_000;
