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
  /** What it is a part of. Default: whatever is going on; null: nothing, a trace begins here. */
  readonly parent?: TracePlace | null;
  readonly links?: readonly TracePlace[];
  /** What goes on inside of it. Default: the story that is going on, if there is one. */
  readonly story?: Pick<Correlation, 'correlationId' | 'causationId'>;
}

/** True while somebody collects spans. Costs some nanoseconds while nobody does. */
export function isTracing(): boolean {
  return tracer() !== undefined;
}

/** Where a record or a request with these headers stands; undefined when they do not say, or not well. */
export function placeIn(headers: Readonly<Record<string, string | undefined>>): TracePlace | undefined {
  return parseTraceparent(headers.traceparent);
}

/**
 * Does the work inside a span. Spans, log lines and messages that come of it belong to it. An error is told by its class,
 * never by its text, which may quote a customer.
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

/** The same for work that waits for nothing. */
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

/** A span that somebody else ends; undefined while nobody collects any. */
export function open(name: string, { kind, attributes, parent, links = [] }: SpanSettings): Span | undefined {
  const options = { kind, attributes, root: parent === null, links: links.map((place) => ({ context: spanContextOf(place) })) };
  return tracer()?.startSpan(name, options, parent ? below(parent) : current());
}

/** Does the work as a part of a span, without ending it. */
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

/** Spans of people's own, made inside of ours, come first. */
function current(): Context {
  const story = currentCorrelation();
  const active = trace.getActiveSpan()?.spanContext();
  return !story || active?.traceId === story.traceId ? context.active() : below(story);
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
