import { currentCorrelation, newSpanId } from '@nestbox/kernel';
import type { Correlation } from '@nestbox/kernel';
import type { EventMessage } from '@nestbox/messaging';

/** One call of a handler that is under way: the story that it goes on with, and how it failed. */
export class HandlerCall implements Correlation {
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled?: boolean;
  /** The error as it was thrown, before any exception filter rewrote it. */
  failure: unknown;

  constructor(message: EventMessage) {
    const { correlationId, causationId, traceId, spanId, sampled } = correlationOf(message);
    this.correlationId = correlationId;
    this.causationId = causationId;
    this.traceId = traceId;
    this.spanId = spanId;
    this.sampled = sampled;
  }
}

/** The story that a message's handling is a part of: of its span, where there is one. */
export function correlationOf({ correlationId, eventId, traceId }: EventMessage): Correlation {
  const around = currentCorrelation();
  if (around?.causationId === eventId) return around;
  return { correlationId, causationId: eventId, traceId, spanId: newSpanId() };
}

/** Notes the error with the running call, if there is one, and throws it on. */
export function failCall(error: unknown): never {
  const call = currentCorrelation();
  if (call instanceof HandlerCall) call.failure = error;
  throw error;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * The method, noting how it fails. An interceptor would do, were it not for rxjs, which costs more than all else that a
 * projection's event costs (docs/adr/0009).
 */
export function notingFailure(method: Method): Method {
  const noting: Method = function (...args) {
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
