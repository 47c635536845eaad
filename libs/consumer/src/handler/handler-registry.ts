import { isDeepStrictEqual } from 'node:util';
import { runWithCorrelation } from '@nestbox/kernel';
import type { StateContract } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';
import type { EventMessage } from '@nestbox/messaging';
import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { ConsumerModuleOptions } from '../consumer.options.js';
import { faultIn, policyOf } from '../retry/policy.js';
import type { RetryPolicy } from '../retry/policy.js';
import { EventContext, HandlerCall } from './handler-call.js';
import type { HandlerMark } from './handler-mark.js';

/** A marked method, bound to Nest's own call of it (guards, interceptors, pipes and filters included). */
export interface BoundMethod {
  readonly mark: HandlerMark;
  readonly policy: RetryPolicy;
  /** Rejects with the handler's own error, whatever exception filters made of it. `claimed`: see EventContext. */
  readonly invoke: (messages: readonly EventMessage[], claimed?: boolean) => Promise<void>;
}

/** The tables of a projection, and which version of its code fills them. */
export interface View {
  readonly tables: readonly string[];
  readonly version: number;
  readonly repeatable: boolean;
}

/** Where a projection that does not begin with all events begins. */
export interface BoundState extends Pick<BoundMethod, 'invoke'> {
  readonly contract: StateContract;
}

/** All methods under one handler id: claimed, ordered and retried as one. */
export interface BoundHandler {
  readonly id: string;
  readonly kind: HandlerMark['kind'];
  readonly group: string;
  readonly ordered: boolean;
  /** Only projections that name their tables have one. */
  readonly view?: View;
  readonly state?: BoundState;
  readonly methods: ReadonlyMap<string, BoundMethod>;
}

/** As it is being put together. */
interface Binding extends Omit<BoundHandler, 'methods' | 'state'> {
  readonly methods: Map<string, BoundMethod>;
  state?: BoundState;
}

/** Finds the marked handlers and refuses, naming fault and cure, what could not work. */
export function bindHandlers(
  callbacks: Iterable<readonly [pattern: string, callback: MessageHandler]>,
  { context, group: defaultGroup = context, topics }: Pick<ConsumerModuleOptions, 'context' | 'group' | 'topics'>,
): BoundHandler[] {
  const handlers = new Map<string, Binding>();
  const known = new Set(topics.map(({ name }) => name));
  for (const [pattern, callback] of callbacks) {
    const mark = (callback.extras as { nestbox?: HandlerMark } | undefined)?.nestbox;
    if (!mark) throw invalid(`"${pattern}" is no event handler: mark it with @HandlesEvent or @ProjectsEvent.`);
    refuseFaulty(mark, callback, known);
    refuseStranger(mark, context, handlers.values());
    const { id, kind, ordered = true, contract } = mark;
    const view = viewOf(mark);
    const group = groupOf(mark, defaultGroup);
    const handler: Binding = handlers.get(id) ?? { id, kind, group, ordered, view, methods: new Map() };
    if (handler.kind !== kind || handler.group !== group || handler.ordered !== ordered || !isDeepStrictEqual(handler.view, view)) {
      throw invalid(`Handler id "${id}" is used with two kinds, groups, tables or values of "ordered": one id is one handler.`);
    }
    handlers.set(id, handler);
    const invoke = invoker(mark, callback);
    if (handler.methods.has(contract.type)) throw invalid(`Handler id "${id}" stands twice for ${contract.type}: give each its own.`);
    if (contract.kind !== 'state') handler.methods.set(contract.type, { mark, policy: policyOf(mark), invoke });
    else if (handler.state) throw invalid(`Handler ${id} begins with two states: one id has one.`);
    else handler.state = { contract, invoke };
  }
  refuseMisplacedStates([...handlers.values()]);
  return [...handlers.values()];
}

function viewOf({ tables, version = 1, repeatable = false }: HandlerMark): View | undefined {
  return tables && { tables, version, repeatable };
}

/** A later version reads everything from the beginning beside the one before it, so it has a group of its own. */
function groupOf({ id, group, version = 1 }: HandlerMark, defaultGroup: string): string {
  return version === 1 ? (group ?? defaultGroup) : `${group ?? id}.v${version}`;
}

function refuseFaulty({ id, contract, retry, tables, version = 1 }: HandlerMark, callback: MessageHandler, topics: ReadonlySet<string>): void {
  if (callback.next) throw invalid(`Handler id "${id}" stands twice for ${contract.type}: give each its own.`);
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(id)) {
    throw invalid(`Handler id "${id}" must read <context>.<verb-thing>, such as email.confirm-order.`);
  }
  if (!topics.has(contract.topic)) {
    throw invalid(`Handler ${id} reads topic ${contract.topic}, which "topics" does not list: add it there.`);
  }
  if (version > 1 && !tables) throw invalid(`Handler ${id} has version ${version} and names no tables: add "tables".`);
  if (!Number.isInteger(version) || version < 1) throw invalid(`Handler ${id}: version must be a whole number from 1.`);
  if (tables?.length === 0 || tables?.some((table) => !/^[a-z_][a-z0-9_]{0,62}$/.test(table))) {
    throw invalid(`Handler ${id}: tables must be names in schema public, such as orders.`);
  }
  const fault = retry && faultIn(retry);
  if (fault) throw invalid(`Handler ${id}: ${fault}.`);
}

/** Where the group begins is the state's to say, so nobody else may be in it. */
function refuseMisplacedStates(handlers: readonly BoundHandler[]): void {
  for (const { id, group, view, state, methods } of handlers) {
    if (!state) continue;
    const { name, of } = state.contract;
    if (!view) throw invalid(`Handler ${id} begins with ${name} and names no tables: add "tables".`);
    const neighbour = handlers.find((other) => other.group === group && other.id !== id);
    if (neighbour) throw invalid(`Handler ${id} begins with ${name} and shares group ${group} with ${neighbour.id}: give it its own.`);
    if ([...methods.values()].some(({ mark }) => mark.contract.topic === of)) continue;
    throw invalid(`Handler ${id} begins with ${name} and reads no event of ${of}, so that it would never change again.`);
  }
}

/** A command is for one recipient, and two that carried it out would do it twice. */
function refuseStranger({ id, contract }: HandlerMark, context: string, others: Iterable<BoundHandler>): void {
  if (contract.kind !== 'command') return;
  const { type, recipient } = contract;
  if (recipient !== context) {
    throw invalid(`Handler ${id}: ${type} is addressed to ${recipient}, so ${context} may not carry it out: handle it there.`);
  }
  for (const other of others) {
    if (other.id === id || !other.methods.has(type)) continue;
    throw invalid(`${type} has two handlers, ${other.id} and ${id}: a command is carried out once, so remove one.`);
  }
}

function invoker(mark: HandlerMark, callback: MessageHandler): BoundMethod['invoke'] {
  return (messages, claimed) => {
    const first = messages[0]!;
    const call = new HandlerCall(first);
    const context = new EventContext(mark, messages, claimed);
    return runWithCorrelation(call, () => run(callback, mark.batch ? messages : first, context, call));
  };
}

async function run(callback: MessageHandler, payload: unknown, context: EventContext, call: HandlerCall): Promise<void> {
  try {
    const result: unknown = await callback(payload, context);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  } catch (error) {
    throw call.failure ?? asError(error);
  }
  // A filter that swallows an error must not acknowledge what was rolled back.
  if (call.failure !== undefined) throw call.failure;
  // Nor may a filter or an interceptor that ended the call before the handler.
  if (!call.reached) throw invalid(`Handler ${context.handler.id} was not called: what stops a call must throw.`);
}

/** Nest's own filter turns errors of guards into plain objects. */
function asError(error: unknown): unknown {
  if (error instanceof Error || typeof error !== 'object' || error === null || !('message' in error)) return error;
  return new Error(String(error.message), { cause: error });
}

function invalid(message: string): EventingError {
  return new EventingError('HANDLER_INVALID', message);
}
