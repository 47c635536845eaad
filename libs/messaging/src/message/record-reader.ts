import type { StateContract } from '@nestbox/kernel';
import { isFramed } from '@nestbox/schema';
import { Inject, Injectable } from '@nestjs/common';
import type { BrokerRecord } from '../broker/broker.js';
import { FieldEncryption } from '../encryption/field-encryption.js';
import { EventingError } from '../eventing.error.js';
import { asMessage, conform, decode, keyOf } from './decode.js';
import type { EventMessage } from './decode.js';
import { VERSION_HEADER } from './encode.js';
import { EncodedPayload, envelopeOf } from './encoding.js';
import { SchemaCache } from './schema-cache.js';

/** Reads records of every format. The first byte of a record tells its format, so producers may change theirs. */
@Injectable()
export class RecordReader {
  constructor(
    @Inject(SchemaCache) private readonly schemas: SchemaCache,
    @Inject(FieldEncryption) private readonly encryption: FieldEncryption,
  ) {}

  /** Throws RECORD_UNDECODABLE. Call `prepare` and `need` first. */
  readonly decode = (record: BrokerRecord): EventMessage => {
    const { value } = record;
    const message = isFramed(value) ? this.framed(value, record) : decode(record);
    const decrypt = this.encryption.decryptor(record, message.eventId);
    return decrypt ? Object.assign(message, { data: through(message.data, decrypt) }) : message;
  };

  /**
   * The envelope of an Avro or Protobuf record as JSON, for people to read and edit. Undefined for a record that is JSON
   * itself, or that cannot be read now.
   */
  async asText({ value, headers }: Pick<BrokerRecord, 'value' | 'headers'>): Promise<string | undefined> {
    if (!isFramed(value)) return undefined;
    try {
      await this.schemas.need({ value });
      return JSON.stringify({ ...envelopeOf(headers), data: this.schemas.payload(value).read(undefined) });
    } catch {
      return undefined;
    }
  }

  /** Fetches the keys of encrypted fields. Undefined when none is missing. Rejects with SUBJECT_KEYS_UNAVAILABLE. */
  prepare(records: readonly BrokerRecord[]): Promise<void> | undefined {
    return this.encryption.prepare(records);
  }

  /** Fetches the schema of a record. Undefined when it needs none. Rejects with REGISTRY_UNAVAILABLE. */
  need(record: BrokerRecord): Promise<void> | undefined {
    // Without an envelope the record is not ours, whatever its first byte is: no registry is needed to refuse it.
    return isFramed(record.value) && record.headers.ce_id !== undefined ? this.schemas.need(record) : undefined;
  }

  private framed(value: Buffer, record: BrokerRecord): EventMessage {
    const message = asMessage({ ...envelopeOf(record.headers), data: value }, record);
    return Object.assign(message, { data: this.schemas.payload(value) });
  }
}

/** Data that is still encoded is decrypted when it is decoded. */
function through(data: unknown, decrypt: (data: unknown) => unknown): unknown {
  return data instanceof EncodedPayload ? data.through(decrypt) : tamperProof(decrypt)(data);
}

function tamperProof(decrypt: (data: unknown) => unknown): (data: unknown) => unknown {
  return (data) => {
    try {
      return decrypt(data);
    } catch (cause) {
      throw new EventingError('RECORD_UNDECODABLE', 'an encrypted field was changed, or belongs to another event', { cause });
    }
  };
}

/** The state of an aggregate; null: it was deleted. `aggregateVersion` is the number of events that it includes. */
export type StateMessage<Data = unknown> = EventMessage<Data | null>;

/** `read` decodes the record. Throws RECORD_UNDECODABLE. */
export function readState(record: BrokerRecord, contract: StateContract, read: (record: BrokerRecord) => EventMessage): StateMessage {
  return record.value === null ? tombstone(record) : conform(read(record), contract);
}

function tombstone(record: BrokerRecord): StateMessage<null> {
  const { topic, partition, offset, headers } = record;
  const key = keyOf(record);
  const version = Number(headers[VERSION_HEADER]);
  if (key === undefined) throw new EventingError('RECORD_UNDECODABLE', 'the key is no text of 1 to 512 bytes');
  if (!Number.isInteger(version) || version < 1) throw new EventingError('RECORD_UNDECODABLE', `${VERSION_HEADER} is no whole number`);
  const { eventId = '', eventType = '', occurredAt = '', traceId = '', producer = '' } = envelopeOf(headers);
  const ids = { eventId, traceId, correlationId: eventId, causationId: eventId };
  return { ...ids, key, topic, partition, offset, data: null, eventType, eventVersion: 1, occurredAt, producer, aggregateVersion: version };
}
