/** What one app knows of a story, as sent over HTTP. Times are ISO 8601, UTC. Contains no message data. */

export interface FoundMessage {
  readonly eventId: string;
  readonly type: string;
  readonly kind: 'event' | 'command';
  readonly producer: string;
  readonly topic: string;
  readonly key: string;
  readonly version: number;
  readonly correlationId: string;
  /** The message or request that caused it. */
  readonly causationId: string;
  readonly traceId: string;
  /** By the producer's clock. */
  readonly occurredAt: string;
  /** `refused`: the broker refused it. */
  readonly place: Published | { readonly in: 'outbox' } | { readonly in: 'refused'; readonly why: string };
}

export interface Published {
  readonly in: 'topic';
  readonly partition: number;
  readonly offset: string;
  /** When it was published, by the broker's clock. */
  readonly at: string;
}

/** The messages on the app's topics and in its outbox. */
export interface MessagesPart {
  readonly messages: readonly FoundMessage[];
  /** Why the outbox publishes nothing; null when it works. */
  readonly outboxStands: string | null;
}

export type HandlingState =
  /** Its effect is committed. */
  | 'handled'
  /** It waits for an operator, or behind an event of its key that does. */
  | 'parked'
  /** It is retried automatically at `dueAt`. */
  | 'retried'
  /** An operator has discarded it. */
  | 'discarded'
  /** An operator has paused the handler, or its group. */
  | 'paused'
  /** It is published, and the group has not reached it. */
  | 'waiting'
  /** The group has moved past it without an effect: another version of the handler applied it, or it was skipped. */
  | 'passed over';

/** The state of one message for one handler. */
export interface Handling {
  readonly eventId: string;
  readonly handler: string;
  readonly group: string;
  readonly state: HandlingState;
  /** Since when; null when unknown. */
  readonly at: string | null;
  /** Failed tries. */
  readonly failures: number;
  readonly why: string | null;
  readonly letter: string | null;
  readonly dueAt: string | null;
  /** Records of its partition that the group must handle first. */
  readonly ahead: number;
  /** Why the group does not read; null while it does. */
  readonly groupStands: string | null;
  /** How long it waited where; null when the answering process did not handle it, or not recently. */
  readonly stay: Stay | null;
}

/** Milliseconds. */
export interface Stay {
  /** On the topic, unread. */
  readonly brokerMs: number;
  /** Read, but waiting for earlier records or for the end of a pause. */
  readonly queueMs: number;
  /** In the handler; for a batch, the time of the whole batch. */
  readonly handlerMs: number;
}

export interface SagaPart {
  readonly saga: string;
  readonly id: string;
  readonly status: string;
  readonly note: string | null;
  readonly startedAt: string;
  readonly changedAt: string;
  readonly endedAt: string | null;
  readonly waitsFor: readonly { readonly name: string; readonly dueAt: string }[];
}

export interface HandlingsPart {
  readonly handlings: readonly Handling[];
  readonly sagas: readonly SagaPart[];
}

/** The answers of all apps. */
export interface StoryParts {
  readonly messages: readonly (MessagesPart & { readonly app: string })[];
  readonly handlings: readonly (HandlingsPart & { readonly app: string })[];
  /** Apps that did not answer: what they know is missing. */
  readonly silent: readonly string[];
}
