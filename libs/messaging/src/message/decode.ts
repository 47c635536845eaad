import { isUtf8 } from 'node:buffer';
import { describeIssues, isUuid, parseTraceparent, readEventData, validateNow } from '@nestbox/kernel';
import type { Envelope, MessageContract, StandardSchema } from '@nestbox/kernel';
import type { BrokerRecord } from '../broker/broker.js';
import { hasTooManyHeaders, MAX_HEADERS } from '../broker/refusals.js';
import { EventingError } from '../eventing.error.js';
import { EncodedPayload } from './encoding.js';

/** An event as a handler gets it: the envelope, and its position in the log. */
export interface EventMessage<Data = unknown> extends Envelope<Data> {
  /** The aggregate's id. */
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** A command as its handler gets it. */
export type CommandMessage<Data = unknown> = EventMessage<Data>;

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** `checkout.OrderPlaced.v1` → `OrderPlaced`; undefined when the record carries no CloudEvents type. */
export function typeInHeaders(record: BrokerRecord): string | undefined {
  return /^[a-z][a-z0-9-]*\.([A-Za-z0-9]+)\.v\d+$/.exec(record.headers.ce_type ?? '')?.[1];
}

/** Undefined for a key that PostgreSQL could not store unchanged. */
export function keyOf({ key }: BrokerRecord): string | undefined {
  if (key === null || key.length === 0 || key.length > 512) return undefined;
  const text = key.toString('utf8');
  // Bytes that are no UTF-8 decode to the replacement character; so does that character itself.
  return text.includes('\0') || (text.includes('\uFFFD') && !isUtf8(key)) ? undefined : text;
}

/**
 * Parses the envelope only. Throws RECORD_UNDECODABLE; the message names the wrong part and never quotes it. The parsed
 * object becomes the message, because copying it costs more than parsing it.
 */
export function decode(record: BrokerRecord): EventMessage {
  if (record.value === null) throw undecodable('the value is null');
  if (!isUtf8(record.value)) throw undecodable('the value is no UTF-8');
  const parsed = parse(record.value);
  if (typeof parsed !== 'object' || parsed === null) throw undecodable('the value is no JSON object');
  return asMessage(parsed, record);
}

/** Checks an envelope from any source. The object itself becomes the message. */
export function asMessage(envelope: object, record: BrokerRecord): EventMessage {
  const { topic, partition, offset, headers } = record;
  const key = keyOf(record);
  if (key === undefined) throw undecodable('the key is no text of 1 to 512 bytes');
  if (hasTooManyHeaders(record)) throw undecodable(`there are more than ${MAX_HEADERS} headers`);
  const message = envelope as Draft<EventMessage>;
  if (!isUuid(message.eventId)) throw undecodable('eventId is no UUID');
  if (typeof message.eventType !== 'string') throw undecodable('eventType is missing');
  if (!Number.isInteger(message.eventVersion)) throw undecodable('eventVersion is no whole number');
  if (message.data === undefined) throw undecodable('data is missing');
  // PostgreSQL returns UUIDs in lower case.
  message.eventId = message.eventId.toLowerCase();
  if (!isShortText(message.correlationId)) message.correlationId = message.eventId;
  if (!isShortText(message.causationId)) message.causationId = message.eventId;
  if (!isTraceId(message.traceId)) {
    message.traceId = parseTraceparent(headers.traceparent)?.traceId ?? message.eventId.replaceAll('-', '').toLowerCase();
  }
  message.key = key;
  message.topic = topic;
  message.partition = partition;
  message.offset = offset;
  return message;
}

/**
 * Checks `data` against the reader's contract, drops unknown fields and upcasts older versions. Changes the message. Throws
 * RECORD_UNDECODABLE.
 */
export function conform<Data>(message: EventMessage, contract: MessageContract<Data>): EventMessage<Data> {
  const data = decodedData(message.data, message.eventVersion, contract);
  const result = readEventData(contract, message.eventVersion, data);
  if (result.issues) throw undecodable(`data breaks ${contract.name}: ${describeIssues(result.issues)}`);
  requireKey(message, contract, result.value);
  (message as Draft<EventMessage>).data = result.value;
  return message as EventMessage<Data>;
}

/**
 * A copy of the message with only the data that one handler `reads`; nothing else is validated. `sent` is the data as it was
 * published. Throws RECORD_UNDECODABLE.
 */
export function conformTo<Read>(
  message: EventMessage,
  sent: unknown,
  contract: MessageContract,
  reads: StandardSchema<Read>,
): EventMessage<Read> {
  const isOld = contract.previous !== undefined && message.eventVersion < contract.version;
  const data = isOld ? conform({ ...message, data: sent }, contract).data : decodedData(sent, message.eventVersion, contract);
  const result = validateNow(reads, data);
  if (result.issues) throw undecodable(`data breaks what is read of ${contract.name}: ${describeIssues(result.issues)}`);
  if (!isOld) requireKey(message, contract, data);
  return { ...message, data: result.value };
}

interface ReadingContract extends Pick<MessageContract, 'version' | 'wire'> {
  readonly previous?: { readonly from: ReadingContract };
}

/** JSON data is decoded already. Other data is decoded with the schema of its version. */
function decodedData(data: unknown, version: number, contract: ReadingContract): unknown {
  if (!(data instanceof EncodedPayload)) return data;
  let reader = contract;
  while (version < reader.version && reader.previous) reader = reader.previous.from;
  try {
    return data.read(reader.wire);
  } catch (cause) {
    throw undecodable((cause as Error).message, cause);
  }
}

/** Reads the message as a handler's mark says. */
export function conformToMark(
  message: EventMessage,
  { contract, reads }: { readonly contract: MessageContract; readonly reads?: StandardSchema },
): EventMessage {
  return reads ? conformTo(message, message.data, contract, reads) : conform(message, contract);
}

function requireKey<Data>(message: EventMessage, contract: MessageContract<Data>, data: Data): void {
  let key: unknown;
  try {
    key = contract.key(data);
  } catch {
    // Partly validated data may lack the fields that make the key.
  }
  if (key !== message.key) throw undecodable(`the key is not the one that ${contract.name} is about`);
}

function parse(value: Buffer): unknown {
  try {
    const json = value.toString('utf8');
    // The filtering parse is slow. Only a text that may contain one of these keys needs it.
    const dangerous = json.includes('proto') || json.includes('"constructor"') || json.includes('\\u');
    return dangerous ? JSON.parse(json, dropDangerous) : JSON.parse(json);
  } catch (cause) {
    throw undecodable('the value is no JSON', cause);
  }
}

function dropDangerous(key: string, value: unknown): unknown {
  // PostgreSQL cannot store half a surrogate pair, and replacing it would change the text.
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new TypeError('half a surrogate pair');
  return key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value;
}

function undecodable(reason: string, cause?: unknown): EventingError {
  return new EventingError('RECORD_UNDECODABLE', reason, { cause });
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 128;
}

function isTraceId(value: unknown): boolean {
  return typeof value === 'string' && /^(?!0{32})[0-9a-f]{32}$/.test(value);
}
