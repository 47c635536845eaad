import { parseTraceparent } from '@nestbox/kernel';
import type { Envelope } from '@nestbox/kernel';

/** Where the value holds nothing but the data, the envelope travels in the CloudEvents headers. */
export function headersOf(envelope: Omit<Envelope, 'data'>): Record<string, string> {
  return {
    ce_correlationid: envelope.correlationId,
    ce_causationid: envelope.causationId,
    ce_aggregateversion: String(envelope.aggregateVersion),
  };
}

/** Whatever is missing is left for the reader of the envelope to refuse, or to make up. */
export function envelopeOf(headers: Readonly<Record<string, string>>): Partial<Envelope> {
  const [, eventType, version] = /^[a-z][a-z0-9-]*\.([A-Za-z0-9]+)\.v(\d+)$/.exec(headers.ce_type ?? '') ?? [];
  return {
    eventId: headers.ce_id,
    eventType,
    eventVersion: version === undefined ? undefined : Number(version),
    occurredAt: headers.ce_time,
    traceId: parseTraceparent(headers.traceparent)?.traceId,
    correlationId: headers.ce_correlationid,
    causationId: headers.ce_causationid,
    producer: headers.ce_source?.replace(/^\//, ''),
    aggregateVersion: Number(headers.ce_aggregateversion ?? 0),
  };
}
