import { context, INVALID_SPAN_CONTEXT, ProxyTracerProvider, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Attributes, Context, Span, SpanContext, SpanKind, Tracer } from '@opentelemetry/api';
import { currentCorrelation, parseTraceparent, runWithCorrelation } from '@nestbox/kernel';
import type { Correlation } from '@nestbox/kernel';
import { attribute } from './conventions.js';

const TRACER = '@nestbox/telemetry';
const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** A point in a trace. */
export type TracePlace = Pick<Correlation, 'traceId' | 'spanId' | 'sampled'>;

export interface SpanSettings {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** The parent span. Default: the current one. Null: a new trace. */
  readonly parent?: TracePlace | null;
  readonly links?: readonly TracePlace[];
  /** The correlation for the work inside. Default: the current one, if any. */
  readonly story?: Pick<Correlation, 'correlationId' | 'causationId'>;
}

/** True when tracing is on. Costs only nanoseconds. */
export function isTracing(): boolean {
  return tracer() !== undefined;
}

/** The parent span named by these headers; undefined when `traceparent` is missing or malformed. */
export function placeIn(headers: Readonly<Record<string, string | undefined>>): TracePlace | undefined {
  return parseTraceparent(headers.traceparent);
}

/**
 * Runs the work inside a span; its spans, log lines and messages become part of that span. An error is recorded by its code or
 * class, never by its text, which may contain personal data.
 */
export async function inSpan<T>(name: string, settings: SpanSettings, work: (span: Span) => Promise<T>): Promise<T> {
  const span = open(name, settings);
  if (!span) return work(NO_SPAN);
  try {
    return await within(span, settings, () => work(span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The same for synchronous work. */
export function inShortSpan<T>(name: string, settings: SpanSettings, work: (span: Span) => T): T {
  const span = open(name, settings);
  if (!span) return work(NO_SPAN);
  try {
    return within(span, settings, () => work(span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Opens a span that the caller must end; undefined when tracing is off. */
export function open(name: string, { kind, attributes, parent, links = [] }: SpanSettings): Span | undefined {
  const options = { kind, attributes, root: parent === null, links: links.map((place) => ({ context: spanContextOf(place) })) };
  return tracer()?.startSpan(name, options, parent ? below(parent) : current());
}

/** Runs the work inside an open span, without ending the span. */
export function within<T>(span: Span, { story = currentCorrelation() }: Pick<SpanSettings, 'story'>, work: () => T): T {
  const inContext = () => context.with(trace.setSpan(context.active(), span), work);
  return story ? runWithCorrelation({ ...ids(story), ...placeOf(span) }, inContext) : inContext();
}

export function placeOf(span: Span): Required<TracePlace> {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
}

export function failSpan(span: Span, error: unknown): void {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  const known = typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
  span.setAttribute(attribute.errorType, known.slice(0, 100));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Spans that application code opened inside ours take precedence. */
function current(): Context {
  const correlation = currentCorrelation();
  const active = trace.getActiveSpan()?.spanContext();
  return !correlation || active?.traceId === correlation.traceId ? context.active() : below(correlation);
}

function below(place: TracePlace): Context {
  return trace.setSpanContext(context.active(), spanContextOf(place));
}

function spanContextOf({ traceId, spanId, sampled = true }: TracePlace): SpanContext {
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

function ids({ correlationId, causationId }: Pick<Correlation, 'correlationId' | 'causationId'>) {
  return { correlationId, causationId };
}

function tracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer(TRACER) : provider.getTracer(TRACER);
}
