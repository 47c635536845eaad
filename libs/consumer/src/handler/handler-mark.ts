import { handlerMarksOn } from '@nestbox/kernel';
import type { MarkedClass, MessageContract, StandardSchema } from '@nestbox/kernel';
import type { RetryOptions } from '../retry/policy.js';

/** Separates our handlers from those of other transports in a hybrid app. */
export const EVENTING_TRANSPORT = Symbol.for('nestbox.eventing');

export interface HandlerOptions {
  /**
   * Written by hand and frozen, `<context>.<verb-thing>`: the inbox remembers handled events under this name. Methods for
   * several event types may share an id. They are one handler then and get the events of a key in order. Handlers with
   * different ids succeed, fail and advance independently.
   */
  readonly id: string;
  /** A consumer group of its own, for a handler that would delay the others. Default: the app's group. */
  readonly group?: string;
  /** What happens on failure: tries in place, then automatic retries while parked, then parked for an operator. */
  readonly retry?: RetryOptions;
  /** A call that takes longer than this, in ms, fails with HANDLER_TIMEOUT. Default 60 000. */
  readonly deadlineMs?: number;
}

/** What a handler reads of an event, where it does not read it whole. */
export interface Reading<Data> {
  /**
   * The reader's own schema. Only these fields are validated and passed on, so nothing else in the event can stop the
   * handler, and `contracts check` knows which change would. Default: the contract's schema.
   */
  readonly reads?: StandardSchema<Data>;
  /**
   * Data that the handler relies on; contract tests run it against the producer. Default: the contract's own examples,
   * as far as the handler reads them.
   */
  readonly examples?: readonly NoInfer<Data>[];
}

export interface ReactionOptions extends HandlerOptions {
  /**
   * False: events of one key may overtake each other, so a failed one is parked alone and blocks no other.
   * Default true. The same for all methods of one id.
   */
  readonly ordered?: boolean;
}

export interface ProjectionOptions extends HandlerOptions {
  /** The method takes an array of new events and writes them in one statement. */
  readonly batch?: boolean;
  /**
   * Every table that the projection writes, without a schema; the same for all methods of one id. With it the projection
   * can be rebuilt, and may inject nothing but UnitOfWork.
   */
  readonly tables?: readonly string[];
  /** Raise it when the code changes: new tables are built beside the old ones and then take their place. Default 1. */
  readonly version?: number;
  /** True when applying an event twice, even after later ones, does no harm: it may be replayed into the live tables. */
  readonly repeatable?: boolean;
}

/** For a projection that starts from states. */
export interface StateOptions extends Omit<ProjectionOptions, 'batch' | 'group' | 'tables'> {
  /** A consumer group that no other handler uses: it starts where the states end. */
  readonly group: string;
  readonly tables: readonly string[];
}

/** What the decorators record and the registry finds. */
export interface HandlerMark extends ProjectionOptions, ReactionOptions, Reading<unknown> {
  readonly kind: 'reaction' | 'projection';
  readonly contract: MessageContract;
}

/** The marks on a class's methods, in the order in which they stand there. */
export function marksOf(type: MarkedClass): HandlerMark[] {
  return handlerMarksOn<HandlerMark>(type).map(({ mark }) => mark);
}
