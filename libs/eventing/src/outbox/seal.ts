import { currentCorrelation, formatTraceparent, newSpanId, newTraceId, uuid7 } from '@nestbox/kernel';
import type { Correlation, IssuedCommand, RaisedEvent } from '@nestbox/kernel';
import { isTracing } from '@nestbox/telemetry';
import type { TracePlace } from '@nestbox/telemetry';
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
  /** The envelope as JSON. */
  readonly value: string;
}

/** Puts a message into its envelope. Ids come from the running request or message; without one, a story begins here. */
export function seal(message: Sealable, producer: string): SealedMessage {
  const { contract, key } = message;
  const eventId = uuid7();
  const occurredAt = new Date().toISOString();
  const story = currentCorrelation();
  const correlationId = story?.correlationId ?? eventId;
  const { traceId, spanId, sampled } = isTracing() ? created(contract, eventId, correlationId) : placeOf(story);
  const envelope = JSON.stringify({
    eventId,
    eventType: contract.type,
    eventVersion: contract.version,
    occurredAt,
    traceId,
    correlationId,
    causationId: story?.causationId ?? correlationId,
    producer,
    aggregateVersion: message.aggregateVersion,
  });
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
  // The data was turned into JSON when it was checked; it is spliced in, not serialised again.
  const value = `${envelope.slice(0, -1)},"data":${message.json}}`;
  return { eventId, eventType: contract.type, kind: contract.kind, topic: contract.topic, key, headers: JSON.stringify(headers), value };
}

function placeOf(story: Correlation | undefined): TracePlace {
  return story ?? { traceId: newTraceId(), spanId: newSpanId() };
}
