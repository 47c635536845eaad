import { describeIssues, isUuid, parseTraceparent, validateNow } from '@nestbox/kernel';
import type { Envelope, EventContract } from '@nestbox/kernel';
import type { BrokerRecord } from '../broker/broker.js';
import { EventingError } from '../eventing.error.js';

/** An event as a handler gets it: the envelope, and where it stood in the log. */
export interface EventMessage<Data = unknown> extends Envelope<Data> {
  /** The aggregate's id. */
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** The span that wrote it, when the producer said so. */
  readonly parentSpanId?: string | undefined;
}

/** `checkout.OrderPlaced.v1` → `OrderPlaced`; undefined when the record carries no CloudEvents type. */
export function typeInHeaders(record: BrokerRecord): string | undefined {
  return /^[a-z][a-z0-9-]*\.([A-Za-z0-9]+)\.v\d+$/.exec(record.headers.ce_type ?? '')?.[1];
}

/** Parses the envelope only. Throws RECORD_UNDECODABLE, saying which part is wrong and never what it said. */
export function decode(record: BrokerRecord): EventMessage {
  const { key, value, topic, partition, offset, headers } = record;
  if (value === null) throw undecodable('the value is null');
  if (key === null) throw undecodable('the key is null');
  const envelope = parse(value);
  if (typeof envelope !== 'object' || envelope === null) throw undecodable('the value is no JSON object');
  const message = envelope as Record<string, unknown>;
  if (!isUuid(message.eventId)) throw undecodable('eventId is no UUID');
  if (typeof message.eventType !== 'string') throw undecodable('eventType is missing');
  if (!Number.isInteger(message.eventVersion)) throw undecodable('eventVersion is no whole number');
  if (message.data === undefined) throw undecodable('data is missing');
  const trace = parseTraceparent(headers.traceparent);
  return {
    ...(message as unknown as Envelope),
    correlationId: text(message.correlationId) ?? message.eventId,
    causationId: text(message.causationId) ?? message.eventId,
    traceId: trace?.traceId ?? hex32(message.traceId) ?? message.eventId.replaceAll('-', ''),
    parentSpanId: trace?.spanId,
    key: key.toString('utf8'),
    topic,
    partition,
    offset,
  };
}

/** Checks `data` against the reader's contract; unknown fields fall away. Throws RECORD_UNDECODABLE. */
export function conform<Data>(message: EventMessage, contract: EventContract<Data>): EventMessage<Data> {
  const result = validateNow(contract.schema, message.data);
  if (result.issues) throw undecodable(`data breaks ${contract.name}: ${describeIssues(result.issues)}`);
  return { ...message, data: result.value };
}

function parse(value: Buffer): unknown {
  try {
    const json = value.toString('utf8');
    // Only a text that names one of these keys pays for the slow, filtering parse.
    return /__proto__|"constructor"|"prototype"/.test(json) ? JSON.parse(json, dropDangerous) : JSON.parse(json);
  } catch (cause) {
    throw undecodable('the value is no JSON', cause);
  }
}

function dropDangerous(key: string, value: unknown): unknown {
  return key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value;
}

function undecodable(reason: string, cause?: unknown): EventingError {
  return new EventingError('RECORD_UNDECODABLE', reason, { cause });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 128 ? value : undefined;
}

function hex32(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value) ? value : undefined;
}
