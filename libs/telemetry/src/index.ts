export { Arrivals, dwellOf } from './dwell/dwell.js';
export type { Arrival, Dwell, TimedRecord } from './dwell/dwell.js';
export { DwellHistogram } from './dwell/dwell-histogram.js';
export type { HandledTask } from './dwell/dwell-histogram.js';

export { attribute, operationAttributes, spanName } from './conventions.js';
export type { Operation } from './conventions.js';
export { failSpan, inShortSpan, inSpan, isTracing, open, placeIn, placeOf, within } from './tracing.js';
export type { SpanSettings, TracePlace } from './tracing.js';

export { composeStory } from './story/compose.js';
export type { WaitingAt, Story, StoryMessage } from './story/journey.js';
export type {
  FoundMessage,
  Handling,
  HandlingState,
  HandlingsPart,
  MessagesPart,
  SagaPart,
  Stay,
  StoryParts,
} from './story/parts.js';
