import { HANDLER_MARK } from '@nestbox/kernel';
import type { CommandContract, EventContract, StateContract } from '@nestbox/kernel';
import type { EventMessage, StateMessage } from '@nestbox/messaging';
import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import 'reflect-metadata';
import { notingFailure } from './handler-call.js';
import { EVENTING_TRANSPORT } from './handler-mark.js';
import type { HandlerMark, ProjectionOptions, ReactionOptions, Reading, StateOptions } from './handler-mark.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

type Handler<Payload> = (payload: Payload, ...rest: never[]) => unknown;
type MethodMark<Payload> = <Method extends Handler<Payload>>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** A reaction has effects (commands, mail). It runs once per event, in a transaction of its own, and is never replayed. */
export function HandlesEvent<Data, Read = Data>(
  contract: EventContract<Data>,
  options: ReactionOptions & Reading<Read>,
): MethodMark<EventMessage<Read>> {
  return mark({ ...options, kind: 'reaction', contract: contract as EventContract });
}

/**
 * Carries out a command that is addressed to this context: like a reaction, once per command, in a transaction of its own.
 * A command has one handler among all apps; events state the outcome.
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

/** A projection writes its own tables and nothing else. It runs in batches and may be replayed. */
export const ProjectsEvent: ProjectionDecorator = (contract: unknown, options: ProjectionOptions & Reading<unknown>) =>
  mark({ ...options, kind: 'projection', contract: contract as EventContract });

/**
 * Seeds a new projection from the state topic instead of replaying every event. Afterwards the methods of the same id get
 * the events that no state includes. The method replaces the rows of the key; where `data` is null it deletes them. At
 * most one for each id.
 */
export function ProjectsState<Data>(contract: StateContract<Data>, options: StateOptions): MethodMark<StateMessage<Data>> {
  return mark({ ...options, kind: 'projection', contract: contract as StateContract });
}

/** One pattern per handler id: Nest would chain the handlers of one pattern, and one that fails would fail the others. */
export function patternOf({ id, contract }: HandlerMark): string {
  return `nestbox:${id}:${contract.type}`;
}

function mark(handler: HandlerMark): MethodDecorator {
  const found = EventPattern(patternOf(handler), EVENTING_TRANSPORT, { nestbox: handler }) as MethodDecorator;
  const marked = applyDecorators(found, SetMetadata(HANDLER_MARK, handler)) as MethodDecorator;
  if (handler.kind === 'reaction') return applyDecorators(marked, UseInterceptors(IdempotencyInterceptor));
  return (target, key, descriptor: PropertyDescriptor) => {
    descriptor.value = notingFailure(descriptor.value);
    marked(target, key, descriptor);
  };
}
