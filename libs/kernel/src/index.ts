export { AggregateRoot } from './aggregate-root.js';
export type { RaisedEvent } from './aggregate-root.js';
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
export { checkEventData, defineEvent, MAX_EVENT_BYTES, readEventData } from './event.js';
export type { CompatibilityLevel, EventContract, EventData, EventSpec, PersonalData, WireSchema } from './event.js';
export { isPastTense } from './past-tense.js';
export { describeIssues, validateNow } from './standard-schema.js';
export type { StandardSchema } from './standard-schema.js';
export { defineState } from './state.js';
export type { StateContract, StateSpec } from './state.js';
export type { Topic } from './topic.js';
export { upcastFrom } from './upcaster.js';
export type { Upcaster } from './upcaster.js';
export { isUuid, uuid7 } from './uuid.js';
