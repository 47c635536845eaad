import { Inject, Injectable } from '@nestjs/common';
import { isFramed } from '@nestbox/schema';
import type { BrokerRecord } from '../broker/broker.js';
import { asMessage, decode } from '../consumer/event-message.js';
import type { EventMessage } from '../consumer/event-message.js';
import { SchemaCache } from './schema-cache.js';
import { envelopeOf } from './wire-headers.js';

/** Reads records of every format: each says by its first byte which it is, so that producers may change theirs. */
@Injectable()
export class RecordReader {
  constructor(@Inject(SchemaCache) private readonly schemas: SchemaCache) {}

  /** Throws RECORD_UNDECODABLE. Where the value begins with a schema id, only after `need`. */
  readonly decode = (record: BrokerRecord): EventMessage => {
    const { value, headers } = record;
    if (!isFramed(value)) return decode(record);
    const message = asMessage({ ...envelopeOf(headers), data: value }, record);
    return Object.assign(message, { data: this.schemas.payload(value) });
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

  /** Undefined where nothing has to be fetched before `decode`. Rejects with REGISTRY_UNAVAILABLE. */
  need(record: BrokerRecord): Promise<void> | undefined {
    // Without an envelope it is no record of ours, whatever its first byte: no registry is needed to say so.
    return isFramed(record.value) && record.headers.ce_id !== undefined ? this.schemas.need(record) : undefined;
  }
}
