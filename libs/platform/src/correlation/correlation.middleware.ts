import { context, SpanKind, trace } from '@opentelemetry/api';
import { newSpanId, newTraceId, parseTraceparent, runWithCorrelation, uuid7 } from '@nestbox/kernel';
import type { Correlation } from '@nestbox/kernel';
import { attribute, failSpan, isTracing, open, placeOf } from '@nestbox/telemetry';
import type { NextFunction, Request, Response } from 'express';

const CORRELATION_ID = /^[A-Za-z0-9._-]{1,128}$/;
/** Asked every few seconds by machines, and no part of any story. */
const UNTRACED = /^\/(health|metrics)(\/|$)/;

/** Runs the request inside its correlation, and its span where spans are collected, and gives the id back in the answer. */
export function correlate(request: Request, response: Response, next: NextFunction): void {
  const correlation = correlationOf(request.headers);
  response.setHeader('X-Correlation-Id', correlation.correlationId);
  if (isTracing() && !UNTRACED.test(request.path)) serve(correlation, request, response, next);
  else runWithCorrelation(correlation, next);
}

/** A header that is malformed is dropped and replaced, never repaired: it would steer logs and messages. */
export function correlationOf(headers: Readonly<Record<string, string | string[] | undefined>>): Correlation {
  const requestId = uuid7();
  const given = headers['x-correlation-id'];
  const place = callerIn(headers);
  return {
    correlationId: typeof given === 'string' && CORRELATION_ID.test(given) ? given : requestId,
    causationId: requestId,
    traceId: place?.traceId ?? newTraceId(),
    spanId: newSpanId(),
    sampled: place?.sampled,
  };
}

function callerIn({ traceparent }: Readonly<Record<string, string | string[] | undefined>>) {
  return parseTraceparent(typeof traceparent === 'string' ? traceparent : undefined);
}

function serve(correlation: Correlation, request: Request, response: Response, next: NextFunction): void {
  // Somebody's own instrumentation has opened a span for this request already.
  const theirs = trace.getActiveSpan();
  const span = theirs ?? spanOf(request);
  const within = trace.setSpan(context.active(), span);
  if (!theirs) {
    response.once('close', () => {
      const { baseUrl, route } = request as { baseUrl: string; route?: { path?: unknown } };
      if (typeof route?.path === 'string') {
        span.updateName(`${request.method} ${baseUrl}${route.path}`);
        span.setAttribute(attribute.httpRoute, baseUrl + route.path);
      }
      span.setAttribute(attribute.httpStatus, response.statusCode);
      if (response.statusCode >= 500) failSpan(span, { code: String(response.statusCode) });
      span.end();
    });
  }
  runWithCorrelation({ ...correlation, ...placeOf(span) }, () => context.with(within, next));
}

/** Without the query, which may say whom somebody looks for. */
function spanOf(request: Request) {
  const attributes = {
    [attribute.httpMethod]: request.method,
    [attribute.urlPath]: request.path.slice(0, 500),
    [attribute.urlScheme]: request.protocol,
  };
  return open(request.method, { kind: SpanKind.SERVER, attributes, parent: callerIn(request.headers) ?? null })!;
}
