import type { MessageContract } from '@nestbox/kernel';
import { attribute, inSpan, open, operationAttributes, placeIn, placeOf, spanName } from '@nestbox/telemetry';
import type { Operation, TracePlace } from '@nestbox/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { Broker } from '../broker/broker.js';
import type { BrokerRecord, OutgoingRecord, PartitionBatch } from '../broker/broker.js';
import { dwellOf } from './dwell.js';
import type { Arrival } from './dwell.js';

/** A batch is told of in so many of the traces that are in it: each link costs a few microseconds. */
const MOST_LINKS = 32;

/** A record that a handler gets. */
export interface HandledRecord {
  readonly record: BrokerRecord;
  /** Undefined where the record could not be read. */
  readonly message: { readonly eventId: string; readonly correlationId: string; readonly eventType: string } | undefined;
  readonly arrival?: Arrival;
}

export interface Handling {
  readonly handler: { readonly id: string; readonly group: string };
  readonly tasks: readonly HandledRecord[];
  /** Below what is going on, rather than below the message. */
  readonly nested?: boolean;
}

/** What becomes of messages, as spans. Worth a call only while somebody collects them. */
@Injectable()
export class MessageSpans {
  private readonly system: Attributes;

  constructor(@Inject(Broker) { system }: Pick<Broker, 'system'>) {
    this.system = { [attribute.messagingSystem]: system, [attribute.messagingSystemOfOld]: system };
  }

  /** A message has been written down. Its place in the trace is the one that travels with it. */
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

  /** Hands a batch to the broker: below the message that is alone in it, else linked to those whose traces are collected. */
  async sending(records: readonly OutgoingRecord[], send: () => Promise<void>): Promise<void> {
    const [first] = records;
    const places = collected(records);
    if (places.length === 0) return send();
    const topic = records.every((record) => record.topic === first!.topic) ? first!.topic : undefined;
    const attributes = { ...this.attributesOf('send', topic), [attribute.batchSize]: records.length };
    await inSpan(spanName('send', topic), { kind: SpanKind.CLIENT, attributes, ...related(places, records.length) }, send);
  }

  /**
   * A handler gets messages: one span for the call. What the handler says belongs to it. `work` is told the span, and
   * nothing is opened for a batch of messages whose traces nobody collects.
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
      const places = collected(records);
      if (places.length === 0) return work();
      const batch = { ...attributes(), [attribute.batchSize]: tasks.length };
      return inSpan(spanName('process', topic), { ...settings, attributes: batch, ...related(places, tasks.length) }, work);
    }
    const { eventId, correlationId, eventType } = single;
    // One that is not collected has its place too, so that nothing that follows from it is.
    const place = placeIn(headers);
    const ids = { [attribute.messageId]: eventId, [attribute.conversationId]: correlationId, [attribute.eventType]: eventType };
    const told = place?.sampled === false ? undefined : { ...attributes(), ...ids };
    const parent = nested ? undefined : (place ?? null);
    return inSpan(spanName('process', topic), { ...settings, attributes: told, story: { correlationId, causationId: eventId }, parent }, work);
  }

  /** Something is done about one message outside of any handler, such as parking it. */
  about<T>(
    operation: Operation,
    { topic, headers }: Pick<BrokerRecord, 'topic' | 'headers'>,
    settings: { readonly attributes: Attributes; readonly links?: readonly TracePlace[] },
    work: () => Promise<T>,
  ): Promise<T> {
    const attributes = { ...this.attributesOf(operation, topic), ...settings.attributes };
    return inSpan(spanName(operation, topic), { attributes, parent: placeIn(headers), links: settings.links }, work);
  }

  /** A batch goes into a view that is being built: a trace of its own, because those of its messages are long over. */
  replaying<T>({ topic, partition, records }: PartitionBatch, work: () => Promise<T>): Promise<T> {
    const place = { [attribute.partition]: String(partition), [attribute.batchSize]: records.length };
    const attributes = { ...this.attributesOf('replay', topic), ...place };
    return inSpan(spanName('replay', topic), { attributes, parent: null }, work);
  }

  private attributesOf(operation: Operation, topic: string | undefined): Attributes {
    return { ...this.system, ...operationAttributes(operation), ...(topic && { [attribute.destination]: topic }) };
  }
}

/** Of a batch, what its first message has waited: the longest. */
function waitsOf({ record, arrival }: Handling['tasks'][number]): Attributes {
  if (!arrival) return {};
  const { outbox, broker, queue } = dwellOf(record, arrival, Date.now());
  return { [attribute.outboxWait]: outbox, [attribute.brokerWait]: broker, [attribute.queueWait]: queue };
}

function collected(records: readonly Pick<BrokerRecord, 'headers' | 'isCollected'>[]): TracePlace[] {
  const places: TracePlace[] = [];
  for (const record of records) {
    // Most are not, and making text of all their headers would be the better part of what tracing costs.
    if (!(record.isCollected ?? mayBeCollected(record.headers.traceparent))) continue;
    const place = placeIn(record.headers);
    if (place?.sampled) places.push(place);
    if (places.length === MOST_LINKS) break;
  }
  return places;
}

function mayBeCollected(traceparent: string | undefined): boolean {
  return traceparent !== undefined && !traceparent.endsWith('0');
}

function related(places: readonly TracePlace[], size: number): { parent: TracePlace | null; links?: readonly TracePlace[] } {
  return size === 1 ? { parent: places[0]! } : { parent: null, links: places };
}
