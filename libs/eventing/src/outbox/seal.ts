import { currentCorrelation, formatTraceparent, newSpanId, newTraceId, uuid7 } from '@nestbox/kernel';
import type { Correlation, Envelope, IssuedCommand, PersonalData, RaisedEvent, StateContract } from '@nestbox/kernel';
import { isTracing } from '@nestbox/telemetry';
import type { TracePlace } from '@nestbox/telemetry';
import { sealFields, SUBJECT_KEY_HEADER } from '../erasure/sealing.js';
import type { SubjectKey } from '../erasure/subject-keys.js';
import { WIRE_HEADER } from '../schema/outgoing-wire.js';
import type { Wire } from '../schema/outgoing-wire.js';
import { headersOf } from '../schema/wire-headers.js';
import { created } from '../telemetry/message-spans.js';

/** What an aggregate has come to. */
export interface KeptState extends Pick<RaisedEvent, 'key' | 'aggregateVersion'> {
  readonly contract: StateContract;
  /** Null: it is gone. */
  readonly data: unknown;
  readonly json: string | null;
}

/** A raised event, a state, or a command with the version of whoever sends it. */
export type Sealable = RaisedEvent | KeptState | (IssuedCommand & Pick<RaisedEvent, 'aggregateVersion'>);

/** Of a state, which may have no envelope: how many events are in it. */
export const VERSION_HEADER = 'nestbox-version';

/** How a message is written where keys are kept: its personal fields only for those who get the key. */
interface Personal {
  readonly subject: string;
  readonly sealedWith: (key: SubjectKey) => SealedMessage;
}

/** A message in its envelope, as text, with the headers that travel beside it. */
export interface SealedMessage {
  readonly eventId: string;
  readonly eventType: string;
  readonly kind: 'event' | 'command' | 'state';
  readonly topic: string;
  readonly key: string;
  /** JSON object of header name to value. */
  readonly headers: string;
  /** The envelope as JSON, or (with a wire) the encoded data as base64; null: a tombstone. */
  readonly value: string | null;
  readonly wire?: Wire;
  readonly personal?: Personal;
}

/**
 * Puts a message into its envelope. Ids come from the running request or message; without one, a story begins here. With
 * a wire the data is encoded here, so that what does not fit its schema fails the transaction that says it.
 */
export function seal(message: Sealable, producer: string, wire?: Wire): SealedMessage {
  const { contract, key } = message;
  const eventId = uuid7();
  const occurredAt = new Date().toISOString();
  const story = currentCorrelation();
  const correlationId = story?.correlationId ?? eventId;
  const { traceId, spanId, sampled } = isTracing() ? created(contract, eventId, correlationId) : placeOf(story);
  const envelope = {
    eventId,
    eventType: contract.type,
    eventVersion: contract.version,
    occurredAt,
    traceId,
    correlationId,
    causationId: story?.causationId ?? correlationId,
    producer,
    aggregateVersion: message.aggregateVersion,
  };
  const headers = {
    'content-type': 'application/json',
    traceparent: formatTraceparent({ traceId, spanId, sampled }),
    ce_specversion: '1.0',
    ce_id: eventId,
    ce_type: contract.name,
    ce_source: `/${producer}`,
    ce_subject: key,
    ce_time: occurredAt,
    ...(contract.kind === 'state' && { [VERSION_HEADER]: String(message.aggregateVersion) }),
  };
  const letter = { message, envelope, headers, wire };
  const plain = write(letter, message.data, message.json);
  const personal = personalOf(message);
  if (!personal) return plain;
  const sealedWith = (key: SubjectKey) => {
    const data = sealFields(message.data as object, personal, key, eventId);
    return write(letter, data, JSON.stringify(data), { [SUBJECT_KEY_HEADER]: key.id });
  };
  return { ...plain, personal: { subject: personal.subject, sealedWith } };
}

interface Letter {
  readonly message: Sealable;
  readonly envelope: Omit<Envelope, 'data'>;
  readonly headers: Readonly<Record<string, string>>;
  readonly wire?: Wire;
}

function write({ message, envelope, headers, wire }: Letter, data: unknown, json: string | null, more: object = {}): SealedMessage {
  const { contract, key } = message;
  const { eventId, eventType } = envelope;
  const sealed = { eventId, eventType, kind: contract.kind, topic: contract.topic, key };
  if (wire && json !== null) {
    const beside = { 'content-type': wire.contentType, ...headersOf(envelope), [WIRE_HEADER]: wire.fingerprint };
    const value = wire.encode(data).toString('base64');
    return { ...sealed, headers: JSON.stringify({ ...headers, ...beside, ...more }), value, wire };
  }
  // The data was turned into JSON when it was checked; it is spliced in, not serialised again.
  const value = json === null ? null : `${JSON.stringify(envelope).slice(0, -1)},"data":${json}}`;
  return { ...sealed, headers: JSON.stringify({ ...headers, ...more }), value };
}

function personalOf({ contract, data, json }: Sealable): { subject: string; fields: PersonalData['fields'] } | undefined {
  if (!contract.personal || json === null) return undefined;
  return { subject: (contract.personal.subject as (data: unknown) => string)(data), fields: contract.personal.fields };
}

function placeOf(story: Correlation | undefined): TracePlace {
  return story ?? { traceId: newTraceId(), spanId: newSpanId() };
}
