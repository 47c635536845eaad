import { currentCorrelation, formatTraceparent, newSpanId, newTraceId, uuid7 } from '@nestbox/kernel';
import type { Correlation, IssuedCommand, RaisedEvent } from '@nestbox/kernel';
import { isTracing } from '@nestbox/telemetry';
import type { TracePlace } from '@nestbox/telemetry';
import { WIRE_HEADER } from '../schema/outgoing-wire.js';
import type { Wire } from '../schema/outgoing-wire.js';
import { headersOf } from '../schema/wire-headers.js';
import { created } from '../telemetry/message-spans.js';

/** A raised event, or a command with the version of whoever sends it. */
export type Sealable = RaisedEvent | (IssuedCommand & Pick<RaisedEvent, 'aggregateVersion'>);

/** A message in its envelope, as text, with the headers that travel beside it. */
export interface SealedMessage {
  readonly eventId: string;
  readonly eventType: string;
  readonly kind: 'event' | 'command';
  readonly topic: string;
  readonly key: string;
  /** JSON object of header name to value. */
  readonly headers: string;
  /** The envelope as JSON, or (with a wire) the encoded data as base64. */
  readonly value: string;
  readonly wire?: Wire;
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
  };
  const sealed = { eventId, eventType: contract.type, kind: contract.kind, topic: contract.topic, key };
  if (wire) {
    const beside = { 'content-type': wire.contentType, ...headersOf(envelope), [WIRE_HEADER]: wire.fingerprint };
    const value = wire.encode(message.data).toString('base64');
    return { ...sealed, headers: JSON.stringify({ ...headers, ...beside }), value, wire };
  }
  // The data was turned into JSON when it was checked; it is spliced in, not serialised again.
  const value = `${JSON.stringify(envelope).slice(0, -1)},"data":${message.json}}`;
  return { ...sealed, headers: JSON.stringify(headers), value };
}

function placeOf(story: Correlation | undefined): TracePlace {
  return story ?? { traceId: newTraceId(), spanId: newSpanId() };
}
