import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import type { MessageContract } from '@nestbox/kernel';
import { attribute, inSpan, open, operationAttributes, placeIn, placeOf, spanName } from '@nestbox/telemetry';
import type { Operation, TracePlace } from '@nestbox/telemetry';
import type { BrokerRecord, OutgoingRecord } from '../broker/broker.js';
import type { BoundHandler } from '../consumer/handler-registry.js';
import type { Task } from '../consumer/task.js';
import { dwellOf } from './dwell.js';
import type { Arrival } from './dwell.js';

/** A batch is told of in so many of the traces that are in it: each link costs a few microseconds. */
const MOST_LINKS = 32;

/** A message has been written down. Its place in the trace is the one that travels with it. */
export function created({ topic, type }: MessageContract, messageId: string, correlationId: string): TracePlace {
  const span = open(spanName('create', topic), {
    kind: SpanKind.PRODUCER,
    attributes: {
      ...attributesOf('create', topic),
      [attribute.messageId]: messageId,
      [attribute.conversationId]: correlationId,
      [attribute.eventType]: type,
    },
  })!;
  span.end();
  return placeOf(span);
}

/** Hands a batch to the broker: below the message that is alone in it, else linked to those whose traces are collected. */
export async function sending(records: readonly OutgoingRecord[], send: () => Promise<void>): Promise<void> {
  const [first] = records;
  const places = collected(records);
  if (places.length === 0) return send();
  const topic = records.every((record) => record.topic === first!.topic) ? first!.topic : undefined;
  const attributes = { ...attributesOf('send', topic), [attribute.batchSize]: records.length };
  await inSpan(spanName('send', topic), { kind: SpanKind.CLIENT, attributes, ...related(places, records.length) }, send);
}

export interface Handling {
  readonly handler: BoundHandler;
  readonly tasks: readonly (Pick<Task, 'record' | 'message'> & { readonly arrival?: Arrival })[];
  /** Below what is going on, rather than below the message. */
  readonly nested?: boolean;
}

/**
 * A handler gets messages: one span for the call. What the handler says belongs to it. `work` is told the span, and
 * nothing is opened for messages whose traces nobody collects.
 */
export async function processing<T>(handling: Handling, work: (span?: Span) => Promise<T>): Promise<T> {
  const { handler, tasks } = handling;
  const records = tasks.map(({ record }) => record);
  const places = collected(records);
  const single = tasks.length === 1 ? tasks[0]!.message : undefined;
  if (places.length === 0 && !single) return work();
  const [{ topic, partition } = { topic: undefined, partition: undefined }] = records;
  const attributes = {
    ...attributesOf('process', topic),
    [attribute.group]: handler.group,
    [attribute.handler]: handler.id,
    [attribute.partition]: String(partition),
    ...(single
      ? {
          [attribute.messageId]: single.eventId,
          [attribute.conversationId]: single.correlationId,
          [attribute.eventType]: single.eventType,
        }
      : { [attribute.batchSize]: tasks.length }),
    ...waitsOf(tasks[0]!),
  };
  const story = single && { correlationId: single.correlationId, causationId: single.eventId };
  // A single one that is not collected has its place too, so that nothing that follows from it is.
  const parent = handling.nested ? undefined : (placeIn(records[0]!.headers) ?? null);
  const relation = single ? { parent } : related(places, records.length);
  return inSpan(spanName('process', topic), { kind: SpanKind.CONSUMER, attributes, story, ...relation }, work);
}

/** Something is done about one message outside of any handler, such as parking it. */
export function about<T>(
  operation: Operation,
  { topic, headers }: Pick<BrokerRecord, 'topic' | 'headers'>,
  settings: { readonly attributes: Attributes; readonly links?: readonly TracePlace[] },
  work: () => Promise<T>,
): Promise<T> {
  const attributes = { ...attributesOf(operation, topic), ...settings.attributes };
  return inSpan(spanName(operation, topic), { attributes, parent: placeIn(headers), links: settings.links }, work);
}

function attributesOf(operation: Operation, topic: string | undefined): Attributes {
  return { [attribute.messagingSystem]: 'nestbox', ...operationAttributes(operation), ...(topic && { [attribute.destination]: topic }) };
}

/** Of a batch, what its first message has waited: the longest. */
function waitsOf({ record, arrival }: Handling['tasks'][number]): Attributes {
  if (!arrival) return {};
  const { outbox, broker, queue } = dwellOf(record, arrival, Date.now());
  return { [attribute.outboxWait]: outbox, [attribute.brokerWait]: broker, [attribute.queueWait]: queue };
}

function collected(records: readonly { readonly headers: Readonly<Record<string, string>> }[]): TracePlace[] {
  const places: TracePlace[] = [];
  for (const { headers } of records) {
    // Of most, only this is asked: the last digit is odd where a trace is collected.
    const flags = headers.traceparent?.at(-1);
    if (flags === undefined || flags === '0') continue;
    const place = placeIn(headers);
    if (place?.sampled) places.push(place);
    if (places.length === MOST_LINKS) break;
  }
  return places;
}

function related(places: readonly TracePlace[], size: number): { parent: TracePlace | null; links?: readonly TracePlace[] } {
  return size === 1 ? { parent: places[0]! } : { parent: null, links: places };
}
