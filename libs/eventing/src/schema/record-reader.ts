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
    return asMessage({ ...envelopeOf(headers), data: this.schemas.payload(value) }, record);
  };

  /** Undefined where nothing has to be fetched before `decode`. Rejects with REGISTRY_UNAVAILABLE. */
  need(record: BrokerRecord): Promise<void> | undefined {
    return isFramed(record.value) ? this.schemas.need(record) : undefined;
  }
}
