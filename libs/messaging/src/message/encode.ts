import { currentCorrelation, formatTraceparent, newSpanId, newTraceId, uuid7 } from '@nestbox/kernel';
import type { Envelope, IssuedCommand, PersonalData, RaisedEvent, StateContract } from '@nestbox/kernel';
import { isTracing } from '@nestbox/telemetry';
import { encryptFields, SUBJECT_KEY_HEADER } from '../encryption/encrypt-fields.js';
import type { PersonalMessage } from '../encryption/encrypt-fields.js';
import type { SubjectKey } from '../encryption/subject-keys.js';
import type { MessageSpans } from '../telemetry/message-spans.js';
import { ENCODING_HEADER, headersOf } from './encoding.js';
import type { MessageEncoding } from './encoding.js';

/** The present state of an aggregate. */
interface RaisedState extends Pick<RaisedEvent, 'key' | 'aggregateVersion'> {
  readonly contract: StateContract;
  /** Null: the aggregate was deleted. */
  readonly data: unknown;
  readonly json: string | null;
}

/** A raised event, a state, or a command with the version of its sender. */
export type EncodableMessage = RaisedEvent | RaisedState | (IssuedCommand & Pick<RaisedEvent, 'aggregateVersion'>);

/** The header of a state: the number of events that it includes. A tombstone has no envelope to hold it. */
export const VERSION_HEADER = 'nestbox-version';

/** The parts of a message that encryption does not change. */
interface MessageHead {
  readonly eventId: string;
  readonly eventType: string;
  readonly kind: 'event' | 'command' | 'state';
  readonly topic: string;
  readonly key: string;
}

/** A message as a row of the outbox. */
export interface EncodedMessage extends MessageHead {
  /** JSON object of header name to value. */
  readonly headers: string;
  /** The envelope as JSON; with an encoding, the encoded data as base64; null: a tombstone. */
  readonly value: string | null;
}

/** A message that is encoded when the key of its subject is known. */
export type UnencryptedMessage = MessageHead & PersonalMessage<EncodedMessage>;

export interface Sender {
  readonly producer: string;
  /** Absent: the message is encoded as JSON. */
  readonly encoding?: MessageEncoding;
  /** Absent: no span is created. */
  readonly spans?: Pick<MessageSpans, 'created'>;
}

/**
 * Puts a message into its envelope. Correlation ids come from the running request or message; without one, a correlation
 * starts here. Throws when the data does not fit the schema of the encoding, so the writing transaction fails.
 */
export function encode(message: EncodableMessage, sender: Sender): EncodedMessage {
  return write(draftOf(message, sender), message.data, message.json);
}

/** As `encode`, but personal fields are encrypted with the key of their subject. */
export function encodeForSubject(message: EncodableMessage, sender: Sender): EncodedMessage | UnencryptedMessage {
  const personal = personalOf(message);
  if (!personal) return encode(message, sender);
  const draft = draftOf(message, sender);
  const encryptWith = (key: SubjectKey) => {
    const data = encryptFields(message.data as object, personal, key, draft.head.eventId);
    return write(draft, data, JSON.stringify(data), { [SUBJECT_KEY_HEADER]: key.id });
  };
  return { ...draft.head, subject: personal.subject, encryptWith };
}

/** A message without its data. */
interface Draft {
  readonly head: MessageHead;
  readonly envelope: Omit<Envelope, 'data'>;
  readonly headers: Readonly<Record<string, string>>;
  readonly encoding?: MessageEncoding;
}

function draftOf({ contract, key, aggregateVersion }: EncodableMessage, { producer, spans, encoding }: Sender): Draft {
  const eventId = uuid7();
  const occurredAt = new Date().toISOString();
  const correlation = currentCorrelation();
  const correlationId = correlation?.correlationId ?? eventId;
  const { traceId, spanId, sampled } =
    spans && isTracing()
      ? spans.created(contract, eventId, correlationId)
      : (correlation ?? { traceId: newTraceId(), spanId: newSpanId() });
  const envelope = {
    eventId,
    eventType: contract.type,
    eventVersion: contract.version,
    occurredAt,
    traceId,
    correlationId,
    causationId: correlation?.causationId ?? correlationId,
    producer,
    aggregateVersion,
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
    ...(contract.kind === 'state' && { [VERSION_HEADER]: String(aggregateVersion) }),
  };
  const head = { eventId, eventType: contract.type, kind: contract.kind, topic: contract.topic, key };
  return { head, envelope, headers, encoding };
}

function write({ head, envelope, headers, encoding }: Draft, data: unknown, json: string | null, more: object = {}): EncodedMessage {
  if (encoding && json !== null) {
    const encoded = { 'content-type': encoding.contentType, ...headersOf(envelope), [ENCODING_HEADER]: encoding.fingerprint };
    const value = encoding.encode(data).toString('base64');
    return { ...head, headers: JSON.stringify({ ...headers, ...encoded, ...more }), value };
  }
  // `json` was made when the data was checked. Splicing it in saves serialising the data again.
  const value = json === null ? null : `${JSON.stringify(envelope).slice(0, -1)},"data":${json}}`;
  return { ...head, headers: JSON.stringify({ ...headers, ...more }), value };
}

function personalOf({ contract, data, json }: EncodableMessage): { subject: string; fields: PersonalData['fields'] } | undefined {
  if (!contract.personal || json === null) return undefined;
  return { subject: (contract.personal.subject as (data: unknown) => string)(data), fields: contract.personal.fields };
}
