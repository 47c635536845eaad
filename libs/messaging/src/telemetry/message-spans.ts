import type { MessageContract } from '@nestbox/kernel';
import { attribute, dwellOf, inSpan, open, operationAttributes, placeIn, placeOf, spanName } from '@nestbox/telemetry';
import type { Arrival, Operation, TracePlace } from '@nestbox/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { Broker } from '../broker/broker.js';
import type { BrokerRecord, OutgoingRecord, PartitionBatch } from '../broker/broker.js';

/** A span of a batch links to at most this many traces: each link costs a few microseconds. */
const MOST_LINKS = 32;

/** A record that is delivered to a handler. */
export interface HandledRecord {
  readonly record: BrokerRecord;
  /** Undefined where the record could not be read. */
  readonly message: { readonly eventId: string; readonly correlationId: string; readonly eventType: string } | undefined;
  readonly arrival?: Arrival;
}

export interface Handling {
  readonly handler: { readonly id: string; readonly group: string };
  readonly tasks: readonly HandledRecord[];
  /** The span's parent is the running span, not the span of the message. */
  readonly nested?: boolean;
}

/** Spans for the steps of a message. Call it only while traces are collected: see `isTracing`. */
@Injectable()
export class MessageSpans {
  private readonly system: Attributes;

  constructor(@Inject(Broker) { system }: Pick<Broker, 'system'>) {
    this.system = { [attribute.messagingSystem]: system, [attribute.messagingSystemOfOld]: system };
  }

  /** A message was created. The returned span context travels with it. */
  created({ topic, type }: MessageContract, messageId: string, correlationId: string): TracePlace {
    const span = open(spanName('create', topic), {
      kind: SpanKind.PRODUCER,
      attributes: {
        ...this.attributesOf('create', topic),
        [attribute.messageId]: messageId,
        [attribute.conversationId]: correlationId,
        [attribute.eventType]: type,
      },
    })!;
    span.end();
    return placeOf(span);
  }

  /** A batch is sent to the broker. A single message is the span's parent; several are links. */
  async sending(records: readonly OutgoingRecord[], send: () => Promise<void>): Promise<void> {
    const [first] = records;
    const contexts = collected(records);
    if (contexts.length === 0) return send();
    const topic = records.every((record) => record.topic === first!.topic) ? first!.topic : undefined;
    const attributes = { ...this.attributesOf('send', topic), [attribute.batchSize]: records.length };
    await inSpan(spanName('send', topic), { kind: SpanKind.CLIENT, attributes, ...related(contexts, records.length) }, send);
  }

  /**
   * A handler is called: one span, which is the parent of what the handler does. No span is opened for a batch of messages
   * whose traces are not collected; `work` then gets none.
   */
  async processing<T>({ handler, tasks, nested }: Handling, work: (span?: Span) => Promise<T>): Promise<T> {
    const records = tasks.map(({ record }) => record);
    const { topic, partition, headers } = records[0]!;
    const attributes = () => ({
      ...this.attributesOf('process', topic),
      [attribute.group]: handler.group,
      [attribute.handler]: handler.id,
      [attribute.partition]: String(partition),
      ...waitsOf(tasks[0]!),
    });
    const settings = { kind: SpanKind.CONSUMER } as const;
    const single = tasks.length === 1 ? tasks[0]!.message : undefined;
    if (!single) {
      const contexts = collected(records);
      if (contexts.length === 0) return work();
      const batch = { ...attributes(), [attribute.batchSize]: tasks.length };
      return inSpan(spanName('process', topic), { ...settings, attributes: batch, ...related(contexts, tasks.length) }, work);
    }
    const { eventId, correlationId, eventType } = single;
    // The decision not to collect is passed on too, so that no part of the trace is collected.
    const context = placeIn(headers);
    const ids = { [attribute.messageId]: eventId, [attribute.conversationId]: correlationId, [attribute.eventType]: eventType };
    const spanAttributes = context?.sampled === false ? undefined : { ...attributes(), ...ids };
    const parent = nested ? undefined : (context ?? null);
    return inSpan(spanName('process', topic), { ...settings, attributes: spanAttributes, story: { correlationId, causationId: eventId }, parent }, work);
  }

  /** An operation on one message outside any handler, such as parking it. */
  about<T>(
    operation: Operation,
    { topic, headers }: Pick<BrokerRecord, 'topic' | 'headers'>,
    settings: { readonly attributes: Attributes; readonly links?: readonly TracePlace[] },
    work: () => Promise<T>,
  ): Promise<T> {
    const attributes = { ...this.attributesOf(operation, topic), ...settings.attributes };
    return inSpan(spanName(operation, topic), { attributes, parent: placeIn(headers), links: settings.links }, work);
  }

  /** A batch is replayed into a projection. It gets a new trace, because the traces of its messages ended long ago. */
  replaying<T>({ topic, partition, records }: PartitionBatch, work: () => Promise<T>): Promise<T> {
    const batch = { [attribute.partition]: String(partition), [attribute.batchSize]: records.length };
    const attributes = { ...this.attributesOf('replay', topic), ...batch };
    return inSpan(spanName('replay', topic), { attributes, parent: null }, work);
  }

  private attributesOf(operation: Operation, topic: string | undefined): Attributes {
    return { ...this.system, ...operationAttributes(operation), ...(topic && { [attribute.destination]: topic }) };
  }
}

/** In a batch, the first message has waited longest. */
function waitsOf({ record, arrival }: Handling['tasks'][number]): Attributes {
  if (!arrival) return {};
  const { outbox, broker, queue } = dwellOf(record, arrival, Date.now());
  return { [attribute.outboxWait]: outbox, [attribute.brokerWait]: broker, [attribute.queueWait]: queue };
}

function collected(records: readonly Pick<BrokerRecord, 'headers' | 'isCollected'>[]): TracePlace[] {
  const contexts: TracePlace[] = [];
  for (const record of records) {
    // Most are not collected. Parsing the headers of all would be most of the cost of tracing.
    if (!(record.isCollected ?? mayBeCollected(record.headers.traceparent))) continue;
    const context = placeIn(record.headers);
    if (context?.sampled) contexts.push(context);
    if (contexts.length === MOST_LINKS) break;
  }
  return contexts;
}

function mayBeCollected(traceparent: string | undefined): boolean {
  return traceparent !== undefined && !traceparent.endsWith('0');
}

function related(contexts: readonly TracePlace[], size: number): { parent: TracePlace | null; links?: readonly TracePlace[] } {
  return size === 1 ? { parent: contexts[0]! } : { parent: null, links: contexts };
}
