import { handlerMarksOn } from '@nestbox/kernel';
import type { MarkedClass, MessageContract, StandardSchema } from '@nestbox/kernel';
import type { RetryOptions } from '../retry/policy.js';

/** Keeps our handlers away from other transports of a hybrid app, and theirs away from ours. */
export const EVENTING_TRANSPORT = Symbol.for('nestbox.eventing');

export interface HandlerOptions {
  /**
   * Written by hand and frozen, `<context>.<verb-thing>`: the inbox remembers what was handled under this name. Methods
   * for several event types may share an id: they are one handler then, and see the events of a key in order. Handlers
   * with different ids succeed, fail and advance apart.
   */
  readonly id: string;
  /** A consumer group of its own, for a handler that would hold the others up. Default: the app's group. */
  readonly group?: string;
  /** How failures are met: in place, then parked and handed over again by itself, then parked for an operator. */
  readonly retry?: RetryOptions;
  /** A call that takes longer, in ms, has failed: HANDLER_TIMEOUT. Default 60 000. */
  readonly deadlineMs?: number;
}

/** What a handler reads of an event, where it does not read it whole. */
export interface Reading<Data> {
  /**
   * The reader's own schema: only this is validated and handed over, so that nothing else in the event can stop the
   * handler, and `contracts check` knows which change would. Default: the contract's schema.
   */
  readonly reads?: StandardSchema<Data>;
  /**
   * Data as the handler counts on it: contract tests run it against the producer. Default: the contract's own examples, as
   * far as the handler reads them.
   */
  readonly examples?: readonly NoInfer<Data>[];
}

export interface ReactionOptions extends HandlerOptions {
  /**
   * False: events of one key may overtake each other, so a failed one is parked alone and holds no other up.
   * Default true. The same for all methods of one id.
   */
  readonly ordered?: boolean;
}

export interface ProjectionOptions extends HandlerOptions {
  /** The method takes an array of new events and writes them in one statement. */
  readonly batch?: boolean;
  /**
   * Every table that the projection writes, without a schema; the same for all methods of one id. It can be rebuilt
   * then, and may inject nothing but UnitOfWork.
   */
  readonly tables?: readonly string[];
  /** Higher than before: what the code now makes of the events is built beside the old tables and then takes their place. */
  readonly version?: number;
  /** Applying an event a second time, even after later ones, does no harm: it may be replayed into the live tables. */
  readonly repeatable?: boolean;
}

/** What a projection that begins with states has to say. */
export interface StateOptions extends Omit<ProjectionOptions, 'batch' | 'group' | 'tables'> {
  /** A consumer group that it has for itself: the group begins where the states end. */
  readonly group: string;
  readonly tables: readonly string[];
}

/** What the decorators write down and the registry finds. */
export interface HandlerMark extends ProjectionOptions, ReactionOptions, Reading<unknown> {
  readonly kind: 'reaction' | 'projection';
  readonly contract: MessageContract;
}

/** The marks on a class's methods, in the order in which they stand there. */
export function marksOf(type: MarkedClass): HandlerMark[] {
  return handlerMarksOn<HandlerMark>(type).map(({ mark }) => mark);
}
