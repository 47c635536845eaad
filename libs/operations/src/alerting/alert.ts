/** Something that somebody should know of, as one look at the context found it. */
export interface Finding {
  readonly rule: AlertRule;
  /** What it is about: a handler, a group, the outbox. Together with the rule it names one alert. */
  readonly subject: string;
  /** One line for whoever is woken: what is wrong, and how much of it. */
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

/** What a channel is given to tell. */
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
