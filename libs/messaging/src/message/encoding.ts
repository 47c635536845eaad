import { createHash } from 'node:crypto';
import { parseTraceparent } from '@nestbox/kernel';
import type { Envelope, MessageContract, WireSchema } from '@nestbox/kernel';
import { decoderOf, encoderOf } from '@nestbox/schema';
import type { SchemaText } from '@nestbox/schema';

/** The header of an outbox row that names the encoding of its value. The relay removes it. */
export const ENCODING_HEADER = 'nestbox-wire';

/** How the data of one contract is encoded. */
export interface MessageEncoding {
  readonly fingerprint: string;
  readonly subject: string;
  readonly schema: WireSchema;
  readonly contentType: string;
  readonly encode: (data: unknown) => Buffer;
}

const encodings = new WeakMap<MessageContract, MessageEncoding>();

/** Undefined for a contract that travels as JSON. Compiled once per contract. */
export function encodingOf(contract: MessageContract): MessageEncoding | undefined {
  const { wire: schema, name: subject } = contract;
  if (!schema) return undefined;
  let encoding = encodings.get(contract);
  if (!encoding) {
    const fingerprint = createHash('sha256').update(`${subject}\n${schema.format}\n${schema.text}`).digest('hex').slice(0, 32);
    const contentType = `application/${schema.format.toLowerCase()}`;
    encoding = { fingerprint, subject, schema, contentType, encode: encoderOf(schema) };
    encodings.set(contract, encoding);
  }
  return encoding;
}

type Decoder = (bytes: Buffer) => unknown;

/** The schema of a record's producer, with one cached decoder per reader schema. */
export class WriterSchema {
  private readonly decoders = new Map<string, Decoder>();

  constructor(private readonly schema: SchemaText) {}

  get format() {
    return this.schema.format;
  }

  decoder(reader: WireSchema | undefined, indexes: readonly number[]): Decoder {
    const name = `${indexes.join('.')} ${reader?.text ?? ''}`;
    let decoder = this.decoders.get(name);
    if (!decoder) this.decoders.set(name, (decoder = decoderOf(this.schema, reader, indexes)));
    return decoder;
  }
}

/** Encoded data. It is decoded once the reader's contract is known. */
export class EncodedPayload {
  constructor(
    private readonly writer: WriterSchema,
    private readonly bytes: Buffer,
    private readonly indexes: readonly number[],
    private readonly after: (data: unknown) => unknown = (data) => data,
  ) {}

  /** A copy that passes the decoded data through `after`. */
  through(after: (data: unknown) => unknown): EncodedPayload {
    return new EncodedPayload(this.writer, this.bytes, this.indexes, after);
  }

  /** Throws SchemaError when the bytes or the schemas do not match. */
  read(reader: WireSchema | undefined): unknown {
    return this.after(this.writer.decoder(reader, this.indexes)(this.bytes));
  }
}

/** Where the value holds only the encoded data, the envelope travels in the CloudEvents headers. */
export function headersOf(envelope: Omit<Envelope, 'data'>): Record<string, string> {
  return {
    ce_correlationid: envelope.correlationId,
    ce_causationid: envelope.causationId,
    ce_aggregateversion: String(envelope.aggregateVersion),
  };
}

/** Missing fields stay undefined: `asMessage` refuses them or fills them in. */
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
