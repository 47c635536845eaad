export { attribute, operationAttributes, spanName } from './conventions.js';
export type { Operation } from './conventions.js';
export { failSpan, inShortSpan, inSpan, isTracing, open, placeIn, placeOf, within } from './tracing.js';
export type { SpanSettings, TracePlace } from './tracing.js';
