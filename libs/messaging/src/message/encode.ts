import { currentCorrelation, formatTraceparent, newSpanId, newTraceId, uuid7 } from '@nestbox/kernel';
import type { Correlation, Envelope, IssuedCommand, PersonalData, RaisedEvent, StateContract } from '@nestbox/kernel';
import { isTracing } from '@nestbox/telemetry';
import type { TracePlace } from '@nestbox/telemetry';
import type { PersonalMessage } from '../encryption/personal-message.js';
import { encryptFields, SUBJECT_KEY_HEADER } from '../encryption/encrypt-fields.js';
import type { SubjectKey } from '../encryption/subject-keys.js';
import type { MessageSpans } from '../telemetry/message-spans.js';
import { ENCODING_HEADER } from './encoding.js';
import type { MessageEncoding } from './encoding.js';
import { headersOf } from './envelope-headers.js';

/** What an aggregate has come to. */
export interface KeptState extends Pick<RaisedEvent, 'key' | 'aggregateVersion'> {
  readonly contract: StateContract;
  /** Null: it is gone. */
  readonly data: unknown;
  readonly json: string | null;
}

/** A raised event, a state, or a command with the version of whoever sends it. */
export type EncodableMessage = RaisedEvent | KeptState | (IssuedCommand & Pick<RaisedEvent, 'aggregateVersion'>);

/** Of a state, which may have no envelope: how many events are in it. */
export const VERSION_HEADER = 'nestbox-version';

/** What is certain of a message before anybody has written it. */
interface MessageHead {
  readonly eventId: string;
  readonly eventType: string;
  readonly kind: 'event' | 'command' | 'state';
  readonly topic: string;
  readonly key: string;
}

/** A message in its envelope, as text, with the headers that travel beside it. */
export interface EncodedMessage extends MessageHead {
  /** JSON object of header name to value. */
  readonly headers: string;
  /** The envelope as JSON, or (with an encoding) the encoded data as base64; null: a tombstone. */
  readonly value: string | null;
  readonly wire?: MessageEncoding;
}

/** One that waits for the key of the person in it. */
export type WaitingMessage = MessageHead & PersonalMessage<EncodedMessage>;

export interface Sender {
  readonly producer: string;
  readonly wire?: MessageEncoding;
  /** Absent where nobody is to hear of it. */
  readonly spans?: Pick<MessageSpans, 'created'>;
}

/**
 * Puts a message into its envelope. Ids come from the running request or message; without one, a story begins here. With
 * a wire the data is encoded here, so that what does not fit its schema fails the transaction that says it.
 */
export function encode(message: EncodableMessage, sender: Sender): EncodedMessage {
  return write(letterOf(message, sender), message.data, message.json);
}

/** The same where keys are kept: what is personal in it is only for those who get the key. */
export function encodeForSubject(message: EncodableMessage, sender: Sender): EncodedMessage | WaitingMessage {
  const personal = personalOf(message);
  if (!personal) return encode(message, sender);
  const letter = letterOf(message, sender);
  const { subject } = personal;
  const encryptedWith = (key: SubjectKey) => {
    const data = encryptFields(message.data as object, personal, key, letter.envelope.eventId);
    return write(letter, data, JSON.stringify(data), { [SUBJECT_KEY_HEADER]: key.id });
  };
  return { ...headOf(letter), subject, encryptedWith };
}

interface Letter {
  readonly message: EncodableMessage;
  readonly envelope: Omit<Envelope, 'data'>;
  readonly headers: Readonly<Record<string, string>>;
  readonly wire?: MessageEncoding;
}

function letterOf(message: EncodableMessage, { producer, spans, wire }: Sender): Letter {
  const { contract, key } = message;
  const eventId = uuid7();
  const occurredAt = new Date().toISOString();
  const story = currentCorrelation();
  const correlationId = story?.correlationId ?? eventId;
  const { traceId, spanId, sampled } = spans && isTracing() ? spans.created(contract, eventId, correlationId) : placeOf(story);
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
  return { message, envelope, headers, wire };
}

function headOf({ message: { contract, key }, envelope: { eventId, eventType } }: Letter): MessageHead {
  return { eventId, eventType, kind: contract.kind, topic: contract.topic, key };
}

function write(letter: Letter, data: unknown, json: string | null, more: object = {}): EncodedMessage {
  const { envelope, headers, wire } = letter;
  const sealed = headOf(letter);
  if (wire && json !== null) {
    const beside = { 'content-type': wire.contentType, ...headersOf(envelope), [ENCODING_HEADER]: wire.fingerprint };
    const value = wire.encode(data).toString('base64');
    return { ...sealed, headers: JSON.stringify({ ...headers, ...beside, ...more }), value, wire };
  }
  // The data was turned into JSON when it was checked; it is spliced in, not serialised again.
  const value = json === null ? null : `${JSON.stringify(envelope).slice(0, -1)},"data":${json}}`;
  return { ...sealed, headers: JSON.stringify({ ...headers, ...more }), value };
}

function personalOf({ contract, data, json }: EncodableMessage): { subject: string; fields: PersonalData['fields'] } | undefined {
  if (!contract.personal || json === null) return undefined;
  return { subject: (contract.personal.subject as (data: unknown) => string)(data), fields: contract.personal.fields };
}

function placeOf(story: Correlation | undefined): TracePlace {
  return story ?? { traceId: newTraceId(), spanId: newSpanId() };
}
