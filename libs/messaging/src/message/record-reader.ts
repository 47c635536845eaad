import { isFramed } from '@nestbox/schema';
import { Inject, Injectable } from '@nestjs/common';
import type { BrokerRecord } from '../broker/broker.js';
import { FieldEncryption } from '../encryption/field-encryption.js';
import { EventingError } from '../eventing.error.js';
import { asMessage, decode } from './event-message.js';
import type { EventMessage } from './event-message.js';
import { SchemaCache } from './schema-cache.js';
import { envelopeOf } from './envelope-headers.js';
import { EncodedPayload } from './encoded-payload.js';

/** Reads records of every format: each says by its first byte which it is, so that producers may change theirs. */
@Injectable()
export class RecordReader {
  constructor(
    @Inject(SchemaCache) private readonly schemas: SchemaCache,
    @Inject(FieldEncryption) private readonly encryption: FieldEncryption,
  ) {}

  /** Throws RECORD_UNDECODABLE. Where the value begins with a schema id, only after `need`. */
  readonly decode = (record: BrokerRecord): EventMessage => {
    const { value } = record;
    const message = isFramed(value) ? this.framed(value, record) : decode(record);
    const reveal = this.encryption.reveal(record, message.eventId);
    return reveal ? Object.assign(message, { data: through(message.data, reveal) }) : message;
  };

  /**
   * The envelope as JSON where the record's own bytes are in another format: for people, and for what is made of it by
   * hand. Undefined for a record that is text itself, or that cannot be read now.
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

  /** The keys of all whose data is in these; undefined where none is sealed. Rejects with SUBJECT_KEYS_UNAVAILABLE. */
  prepare(records: readonly BrokerRecord[]): Promise<void> | undefined {
    return this.encryption.prepare(records);
  }

  /** Undefined where nothing has to be fetched before `decode`. Rejects with REGISTRY_UNAVAILABLE. */
  need(record: BrokerRecord): Promise<void> | undefined {
    // Without an envelope it is no record of ours, whatever its first byte: no registry is needed to say so.
    return isFramed(record.value) && record.headers.ce_id !== undefined ? this.schemas.need(record) : undefined;
  }

  private framed(value: Buffer, record: BrokerRecord): EventMessage {
    const message = asMessage({ ...envelopeOf(record.headers), data: value }, record);
    return Object.assign(message, { data: this.schemas.payload(value) });
  }
}

/** Data that is still as it travelled is revealed when it is read. */
function through(data: unknown, reveal: (data: unknown) => unknown): unknown {
  return data instanceof EncodedPayload ? data.through(reveal) : tamperProof(reveal)(data);
}

function tamperProof(reveal: (data: unknown) => unknown): (data: unknown) => unknown {
  return (data) => {
    try {
      return reveal(data);
    } catch (cause) {
      throw new EventingError('RECORD_UNDECODABLE', 'a sealed field was changed, or belongs to another event', { cause });
    }
  };
}
