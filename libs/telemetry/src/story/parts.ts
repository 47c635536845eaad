/** What one app knows of a story, over HTTP: times are ISO 8601, UTC. None of it is what a message says. */

export interface FoundMessage {
  readonly eventId: string;
  readonly type: string;
  readonly kind: 'event' | 'command';
  readonly producer: string;
  readonly topic: string;
  readonly key: string;
  readonly version: number;
  readonly correlationId: string;
  /** The message, or the request, that it follows from. */
  readonly causationId: string;
  readonly traceId: string;
  /** By the producer's clock. */
  readonly occurredAt: string;
  /** `refused`: the broker does not want it. */
  readonly place: Published | { readonly in: 'outbox' } | { readonly in: 'refused'; readonly why: string };
}

export interface Published {
  readonly in: 'topic';
  readonly partition: number;
  readonly offset: string;
  /** When it came to lie on the topic, by the broker's clock. */
  readonly at: string;
}

/** Of the app that says it: the messages on its topics, and in its outbox. */
export interface MessagesPart {
  readonly messages: readonly FoundMessage[];
  /** Why the outbox does not move; null when it does. */
  readonly outboxStands: string | null;
}

export type HandlingState =
  /** Its effect is committed. */
  | 'handled'
  /** It waits for an operator, or behind one of its key that does. */
  | 'parked'
  /** It is handed over again by itself at `dueAt`. */
  | 'retried'
  /** An operator has said that it shall not be handled. */
  | 'discarded'
  /** An operator has paused the handler, or its group. */
  | 'paused'
  /** It lies on the topic, and the group has not come to it. */
  | 'waiting'
  /** The group has gone past it without its having had an effect: another version of the handler has, or it was cut off. */
  | 'passed over';

/** What has become of one message with one handler. */
export interface Handling {
  readonly eventId: string;
  readonly handler: string;
  readonly group: string;
  readonly state: HandlingState;
  /** When that came to be; null where nobody has noted it. */
  readonly at: string | null;
  /** Tries that failed. */
  readonly failures: number;
  readonly why: string | null;
  readonly letter: string | null;
  readonly dueAt: string | null;
  /** Records of its partition before it that the group has to come to first. */
  readonly ahead: number;
  /** Why the group does not read; null while it does. */
  readonly groupStands: string | null;
  /** Where it was kept until it was handled; null where the process that answers has not handled it, or long ago. */
  readonly stay: Stay | null;
}

/** Milliseconds. */
export interface Stay {
  /** PublishedMessage on the topic while nobody read it. */
  readonly brokerMs: number;
  /** Waiting for its reader, which was busy with what came before it, or paused. */
  readonly queueMs: number;
  /** With the handler: of a batch, with all of it. */
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

/** All that the apps have said. */
export interface StoryParts {
  readonly messages: readonly (MessagesPart & { readonly app: string })[];
  readonly handlings: readonly (HandlingsPart & { readonly app: string })[];
  /** Apps that did not answer: what they know is missing. */
  readonly silent: readonly string[];
}
