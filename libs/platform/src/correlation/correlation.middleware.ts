import { context, SpanKind, trace } from '@opentelemetry/api';
import { newSpanId, newTraceId, parseTraceparent, runWithCorrelation, uuid7 } from '@nestbox/kernel';
import type { Correlation } from '@nestbox/kernel';
import { attribute, failSpan, isTracing, open, placeOf } from '@nestbox/telemetry';
import type { NextFunction, Request, Response } from 'express';

const CORRELATION_ID = /^[A-Za-z0-9._-]{1,128}$/;
/** Machines poll these every few seconds: not worth a trace. */
const UNTRACED = /^\/(health|metrics)(\/|$)/;

/** Runs the request in its correlation, with a span when tracing is on. Returns the correlation id in the response. */
export function correlate(request: Request, response: Response, next: NextFunction): void {
  const correlation = correlationOf(request.headers);
  response.setHeader('X-Correlation-Id', correlation.correlationId);
  if (isTracing() && !UNTRACED.test(request.path)) serve(correlation, request, response, next);
  else runWithCorrelation(correlation, next);
}

/** A malformed header is replaced, never repaired: it could inject text into logs and messages. */
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
  // Other instrumentation may have opened a span for this request.
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

/** Without the query, which may contain personal data. */
function spanOf(request: Request) {
  const attributes = {
    [attribute.httpMethod]: request.method,
    [attribute.urlPath]: request.path.slice(0, 500),
    [attribute.urlScheme]: request.protocol,
  };
  return open(request.method, { kind: SpanKind.SERVER, attributes, parent: callerIn(request.headers) ?? null })!;
}
