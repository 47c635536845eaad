import { currentCorrelation, newSpanId, withinMs } from '@nestbox/kernel';
import type { Correlation } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';
import type { EventMessage } from '@nestbox/messaging';
import { BaseRpcContext } from '@nestjs/microservices';
import type { HandlerMark } from './handler-mark.js';

/** What `@Ctx()` gives, and what interceptors, guards and filters find under `switchToRpc().getContext()`. */
export class EventContext extends BaseRpcContext<[]> {
  constructor(
    readonly handler: HandlerMark,
    /** One message, or several for the batch form of a projection. */
    readonly messages: readonly EventMessage[],
    /** True when the caller has made the claim in the running unit of work, or the claim existed. */
    readonly claimed = false,
  ) {
    super([]);
  }
}

/** A running call of a handler: the correlation of whatever it writes, and how it failed. */
export class HandlerCall implements Correlation {
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled?: boolean;
  /** The error as it was thrown, before any exception filter rewrote it. */
  failure: unknown;
  /** False while no guard, interceptor or pipe has let the call through. */
  reached = false;

  constructor(message: EventMessage) {
    const { correlationId, causationId, traceId, spanId, sampled } = correlationOf(message);
    this.correlationId = correlationId;
    this.causationId = causationId;
    this.traceId = traceId;
    this.spanId = spanId;
    this.sampled = sampled;
  }
}

/** The correlation of what follows from a message: that of its span, where there is one. */
export function correlationOf({ correlationId, eventId, traceId }: EventMessage): Correlation {
  const around = currentCorrelation();
  if (around?.causationId === eventId) return around;
  return { correlationId, causationId: eventId, traceId, spanId: newSpanId() };
}

/** Notes that the running call, if there is one, has reached its handler. */
export function reachHandler(): void {
  const call = currentCorrelation();
  if (call instanceof HandlerCall) call.reached = true;
}

/** Notes the error with the running call, if there is one, and rethrows it. */
export function failCall(error: unknown): never {
  const call = currentCorrelation();
  if (call instanceof HandlerCall) call.failure = error;
  throw error;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * The method, noting how it fails. An interceptor could do this, but rxjs costs more than everything else that a
 * projection does for one event (docs/adr/0010).
 */
export function notingFailure(method: Method): Method {
  const noting: Method = function (...args) {
    reachHandler();
    let result: unknown;
    try {
      result = method.apply(this, args);
    } catch (error) {
      failCall(error);
    }
    return result instanceof Promise ? result.catch(failCall) : result;
  };
  Object.defineProperty(noting, 'name', { value: method.name });
  for (const key of Reflect.getMetadataKeys(method)) Reflect.defineMetadata(key, Reflect.getMetadata(key, method), noting);
  return noting;
}

const DEFAULT_MS = 60_000;

/**
 * Rejects with HANDLER_TIMEOUT when a handler takes longer. Its transaction is rolled back and its partition continues.
 * The handler may still run, but it can write nothing more: its unit of work has ended.
 */
export async function withinDeadline<T>(deadlines: readonly (number | undefined)[], work: () => Promise<T>): Promise<T> {
  const ms = Math.max(...deadlines.map((given) => given ?? DEFAULT_MS));
  return withinMs(ms, work, () => {
    throw new EventingError('HANDLER_TIMEOUT', `The handler took longer than ${ms} ms.`);
  });
}
