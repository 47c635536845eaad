import type { FoundMessage, Handling, SagaPart } from './parts.js';

export type AppHandling = Handling & { readonly app: string };

/** A message, what became of it, and what followed from it. */
export interface StoryMessage extends FoundMessage {
  /** Milliseconds between the transaction that wrote it and its lying on the topic; so far, while it does not. */
  readonly outboxMs: number;
  readonly handlings: readonly (AppHandling & {
    /** Milliseconds between its lying on the topic and the handler; so far, while it waits. */
    readonly waitedMs: number | null;
  })[];
  readonly follows: readonly StoryMessage[];
}

export interface Story {
  readonly id: string;
  readonly correlationIds: readonly string[];
  readonly traceIds: readonly string[];
  /** Of the first message. */
  readonly startedAt: string;
  /** Those that no message has caused: people asked for them. */
  readonly roots: readonly StoryMessage[];
  readonly sagas: readonly (SagaPart & { readonly app: string })[];
  /** Where it stands now, the longest first; empty when all of it is done, as far as the answering apps know. */
  readonly standings: readonly WaitingAt[];
  readonly silent: readonly string[];
}

/** Something that the story waits for. */
export interface WaitingAt {
  readonly where:
    /** Written, and not published. */
    | 'outbox'
    /** The broker does not want it. */
    | 'refused'
    /** On the topic, and nobody reads it. */
    | 'broker'
    /** On the topic; its reader is busy with what came before it. */
    | 'consumer queue'
    | 'paused'
    | 'parked'
    /** Tried again by itself. */
    | 'retry'
    /** A command was taken, or lies before an app that does not answer, and nothing has been said since. */
    | 'service'
    | 'saga';
  /** The app that holds it. */
  readonly app: string;
  readonly handler: string | null;
  readonly type: string;
  readonly eventId: string | null;
  /** ISO 8601; since when. */
  readonly since: string;
  readonly why: string | null;
}
