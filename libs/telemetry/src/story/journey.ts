import type { FoundMessage, Handling, SagaPart } from './parts.js';

export type AppHandling = Handling & { readonly app: string };

/** A message, its handlings, and the messages that it caused. */
export interface StoryMessage extends FoundMessage {
  /** Milliseconds from its transaction to its publication, or until now while it is unpublished. */
  readonly outboxMs: number;
  readonly handlings: readonly (AppHandling & {
    /** Milliseconds from its publication to the end of its handling, or until now while it waits. */
    readonly waitedMs: number | null;
  })[];
  readonly follows: readonly StoryMessage[];
}

export interface Story {
  readonly id: string;
  readonly correlationIds: readonly string[];
  readonly traceIds: readonly string[];
  /** Time of the first message. */
  readonly startedAt: string;
  /** Messages that no other message caused. */
  readonly roots: readonly StoryMessage[];
  readonly sagas: readonly (SagaPart & { readonly app: string })[];
  /** What it waits for, longest wait first; empty when everything known to the answering apps is done. */
  readonly standings: readonly WaitingAt[];
  readonly silent: readonly string[];
}

/** One thing that the story waits for. */
export interface WaitingAt {
  readonly where:
    /** Stored, not yet published. */
    | 'outbox'
    /** Refused by the broker. */
    | 'refused'
    /** Published, but nobody reads the topic. */
    | 'broker'
    /** Published; the reader is busy with earlier records. */
    | 'consumer queue'
    | 'paused'
    | 'parked'
    /** Waiting for an automatic retry. */
    | 'retry'
    /** A command was handled, or waits for a silent app, and there is no answer yet. */
    | 'service'
    | 'saga';
  /** The app that holds it. */
  readonly app: string;
  readonly handler: string | null;
  readonly type: string;
  readonly eventId: string | null;
  /** ISO 8601: start of the wait. */
  readonly since: string;
  readonly why: string | null;
}
