import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { CommandContract, EventContract, MessageContract, StandardSchema, StateContract } from '@nestbox/kernel';
import type { RetryOptions } from '../failure/policy.js';
import { IdempotencyInterceptor } from '../inbox/idempotency.interceptor.js';
import type { EventMessage } from './event-message.js';
import { notingFailure } from './handler-call.js';
import type { StateMessage } from './state-message.js';

/** Keeps our handlers away from other transports of a hybrid app, and theirs away from ours. */
export const EVENTING_TRANSPORT = Symbol('nestbox.eventing');

/** Under this key a marked method carries its mark, for those who look at the class. */
export const HANDLER_MARK = Symbol('nestbox.handler');

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

type Handler<Payload> = (payload: Payload, ...rest: never[]) => unknown;
type MethodMark<Payload> = <Method extends Handler<Payload>>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** A reaction: it has effects (commands, mail), so it runs once per event in a transaction of its own and is never replayed. */
export function HandlesEvent<Data, Read = Data>(
  contract: EventContract<Data>,
  options: ReactionOptions & Reading<Read>,
): MethodMark<EventMessage<Read>> {
  return mark({ ...options, kind: 'reaction', contract: contract as EventContract });
}

/**
 * Carries out a command that is addressed to this context: like a reaction, once per command, in a transaction of its own.
 * A command has one handler in the whole house; what came of it is told by events.
 */
export function HandlesCommand<Data>(
  contract: CommandContract<Data>,
  options: ReactionOptions,
): MethodMark<EventMessage<Data>> {
  return mark({ ...options, kind: 'reaction', contract: contract as CommandContract });
}

interface ProjectionDecorator {
  <Data, Read = Data>(
    contract: EventContract<Data>,
    options: ProjectionOptions & Reading<Read> & { readonly batch: true },
  ): MethodMark<readonly EventMessage<Read>[]>;
  <Data, Read = Data>(
    contract: EventContract<Data>,
    options: ProjectionOptions & Reading<Read> & { readonly batch?: false },
  ): MethodMark<EventMessage<Read>>;
}

/** A projection: it writes its own tables and nothing else, so it runs in batches and may be replayed. */
export const ProjectsEvent: ProjectionDecorator = (contract: unknown, options: ProjectionOptions & Reading<unknown>) =>
  mark({ ...options, kind: 'projection', contract: contract as EventContract });

/**
 * Lets a new projection begin with what the aggregates have come to, instead of with all that ever happened to them; the
 * methods of the same id for events of that aggregate then get those that are in no state. The method replaces the rows of
 * the key, or, where `data` is null, takes them away. One for each id.
 */
export function ProjectsState<Data>(contract: StateContract<Data>, options: StateOptions): MethodMark<StateMessage<Data>> {
  return mark({ ...options, kind: 'projection', contract: contract as StateContract });
}

// One pattern per handler id: Nest would chain handlers of one pattern, and one failing would take the others down.
function mark(handler: HandlerMark): MethodDecorator {
  const pattern = `nestbox:${handler.id}:${handler.contract.type}`;
  const found = EventPattern(pattern, EVENTING_TRANSPORT, { nestbox: handler }) as MethodDecorator;
  const marked = applyDecorators(found, SetMetadata(HANDLER_MARK, handler)) as MethodDecorator;
  if (handler.kind === 'reaction') return applyDecorators(marked, UseInterceptors(IdempotencyInterceptor));
  return (target, key, descriptor: PropertyDescriptor) => {
    descriptor.value = notingFailure(descriptor.value);
    marked(target, key, descriptor);
  };
}
