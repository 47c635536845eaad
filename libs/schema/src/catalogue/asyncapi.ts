import type { JsonSchema } from '../json/keywords.js';
import { unique } from './entry.js';
import type { Entry } from './entry.js';

const text = { type: 'string' } as const;

/** The JSON envelope without its `data`. */
const ENVELOPE = {
  eventId: { type: 'string', format: 'uuid', description: 'Its identity: what comes twice has the same.' },
  eventType: text,
  eventVersion: { type: 'integer', minimum: 1 },
  occurredAt: { type: 'string', format: 'date-time' },
  traceId: { type: 'string', pattern: '^[0-9a-f]{32}$' },
  correlationId: { type: 'string', description: 'Shared by everything that one outside request led to.' },
  causationId: { type: 'string', description: 'What directly caused it.' },
  producer: text,
  aggregateVersion: { type: 'integer', minimum: 0, description: '1, 2, 3 … per key, without holes.' },
};

const HEADERS = {
  ce_specversion: { type: 'string', const: '1.0' },
  ce_id: { type: 'string', format: 'uuid' },
  ce_type: text,
  ce_source: text,
  ce_subject: { type: 'string', description: 'The record key.' },
  ce_time: { type: 'string', format: 'date-time' },
  'content-type': text,
  traceparent: text,
};
/** The headers of a message whose value is only the data. */
const BESIDE = {
  ce_correlationid: text,
  ce_causationid: text,
  ce_aggregateversion: { type: 'string', pattern: '^[0-9]+$' },
};

const SAMPLE = '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f';
const FORMATS = {
  AVRO: 'application/vnd.apache.avro+json;version=1.9.0',
  PROTOBUF: 'application/vnd.google.protobuf;version=3',
} as const;

/** AsyncAPI 3.0 of all contracts: a channel per topic, a message per contract, operations per app. */
export function asyncApi(entries: readonly Entry[], { title, version }: { title: string; version: string }): object {
  const topics = unique(entries.map(({ topic }) => topic));
  return {
    asyncapi: '3.0.0',
    info: { title, version, description: 'Generated from the code by "npx nestbox contracts catalogue".' },
    defaultContentType: 'application/json',
    channels: record(topics, (topic) => channel(topic, entries.filter((entry) => entry.topic === topic))),
    operations: Object.assign({}, ...entries.map(operations)) as object,
    components: {
      messages: Object.fromEntries(entries.map((entry) => [entry.name, message(entry)])),
      schemas: Object.fromEntries(entries.map(({ name, schema }) => [name, under(schema, `#/components/schemas/${name}`)])),
    },
  };
}

function record<T>(names: readonly string[], make: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}

function channel(topic: string, entries: readonly Entry[]): object {
  const messages = entries.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]);
  return { address: topic, messages: Object.fromEntries(messages), bindings: { kafka: { topic } } };
}

function operations({ name, topic, description, writers, readers }: Entry): Record<string, object> {
  const about = { channel: { $ref: `#/channels/${topic}` }, messages: [{ $ref: `#/channels/${topic}/messages/${name}` }] };
  const operation = (app: string, action: 'send' | 'receive') => [
    `${app}-${action}s-${name}`,
    { action, ...about, summary: description, tags: [{ name: app }], ...handlersOf(app, action, readers) },
  ];
  const receivers = unique(readers.map(({ app }) => app));
  return Object.fromEntries([...writers.map((app) => operation(app, 'send')), ...receivers.map((app) => operation(app, 'receive'))]);
}

function handlersOf(app: string, action: 'send' | 'receive', readers: Entry['readers']): object {
  return action === 'send' ? {} : { 'x-handlers': readers.filter((reader) => reader.app === app).map(({ handler }) => handler) };
}

function message(entry: Entry): object {
  const { name, type, version, description, wire, owner, compatibility, maxBytes, fields, examples } = entry;
  const personal = fields.filter(({ personalData }) => personalData).map(({ path }) => path);
  const headers = { type: 'object', properties: wire ? { ...HEADERS, ...BESIDE } : HEADERS };
  const kafka = { key: text, ...(wire ? { schemaIdLocation: 'payload', schemaIdPayloadEncoding: 'confluent' } : {}) };
  return {
    name,
    title: `${type} v${version}`,
    summary: description,
    contentType: wire ? `application/${wire.format.toLowerCase()}` : 'application/json',
    headers,
    payload: payload(entry),
    bindings: { kafka },
    // Examples of binary data are not readable.
    ...(wire ? {} : { examples: examples.map((data) => ({ payload: sampleOf(entry, data) })) }),
    'x-owner': owner,
    'x-compatibility': compatibility,
    'x-max-bytes': maxBytes,
    'x-personal-data': personal,
  };
}

function payload({ name, wire }: Entry): object {
  if (wire) return { schemaFormat: FORMATS[wire.format], schema: wire.format === 'AVRO' ? (JSON.parse(wire.text) as object) : wire.text };
  const properties = { ...ENVELOPE, data: { $ref: `#/components/schemas/${name}` } };
  return { type: 'object', properties, required: Object.keys(properties) };
}

function sampleOf({ type, version, context }: Entry, data: unknown): object {
  const ids = { eventId: SAMPLE, traceId: '4bf92f3577b34da6a3ce929d0e0e4736', correlationId: SAMPLE, causationId: SAMPLE };
  return { ...ids, eventType: type, eventVersion: version, occurredAt: '2026-11-23T06:00:00.000Z', producer: context, aggregateVersion: 1, data };
}

/** Rewrites references: they start at the schema's root, which lies inside the document. */
function under(schema: JsonSchema, root: string): unknown {
  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inside);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, sub]) =>
      key === '$ref' && typeof sub === 'string' ? [key, sub.replace(/^#/, root)] : [key, inside(sub)],
    );
    return Object.fromEntries(entries) as unknown;
  };
  return inside(schema);
}
