import { newSpanId, newTraceId, parseTraceparent, runWithCorrelation, uuid7 } from '@nestbox/kernel';
import type { Correlation } from '@nestbox/kernel';
import type { NextFunction, Request, Response } from 'express';

const CORRELATION_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Runs the request inside its correlation and gives the id back in the answer. */
export function correlate(request: Request, response: Response, next: NextFunction): void {
  const correlation = correlationOf(request.headers);
  response.setHeader('X-Correlation-Id', correlation.correlationId);
  runWithCorrelation(correlation, next);
}

/** A header that is malformed is dropped and replaced, never repaired: it would steer logs and messages. */
export function correlationOf(headers: Readonly<Record<string, string | string[] | undefined>>): Correlation {
  const requestId = uuid7();
  const given = headers['x-correlation-id'];
  const parent = headers.traceparent;
  const trace = parseTraceparent(typeof parent === 'string' ? parent : undefined);
  return {
    correlationId: typeof given === 'string' && CORRELATION_ID.test(given) ? given : requestId,
    causationId: requestId,
    traceId: trace?.traceId ?? newTraceId(),
    spanId: newSpanId(),
  };
}
