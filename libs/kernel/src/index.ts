export { AggregateRoot } from './aggregate-root.js';
export type { RaisedEvent } from './aggregate-root.js';
export { backOff, RECONNECT } from './async/back-off.js';
export { inParallel } from './async/in-parallel.js';
export { gistOf, RepeatedFailure } from './async/repeated-failure.js';
export { Repeater } from './async/repeater.js';
export { Semaphore } from './async/semaphore.js';
export { Sleeper } from './async/sleeper.js';
export { withinMs } from './async/within-ms.js';
export { defineCommand, issue } from './command.js';
export type { CommandContract, CommandSpec, IssuedCommand, MessageContract } from './command.js';
export { ContractError } from './contract.error.js';
export {
  currentCorrelation,
  formatTraceparent,
  newSpanId,
  newTraceId,
  parseTraceparent,
  runWithCorrelation,
} from './correlation.js';
export type { Correlation } from './correlation.js';
export { replay } from './decider.js';
export type { Decider } from './decider.js';
export { DomainError } from './domain-error.js';
export type { Envelope } from './envelope.js';
export { checkEventData, defineEvent, MAX_EVENT_BYTES, readEventData, upcastFrom } from './event.js';
export type { CompatibilityLevel, EventContract, EventData, EventSpec, PersonalData, Upcaster, WireSchema } from './event.js';
export { HANDLER_MARK, handlerMarksOn, partsOfModule, SAGA_MARK, sagaMarkOn } from './marks.js';
export type { MarkedClass } from './marks.js';
export { isPastTense } from './past-tense.js';
export { describeIssues, validateNow } from './standard-schema.js';
export type { StandardSchema } from './standard-schema.js';
export { defineState } from './state.js';
export type { StateContract, StateSpec } from './state.js';
export type { Topic } from './topic.js';
export { isUuid, uuid7 } from './uuid.js';
