import { isUtf8 } from 'node:buffer';
import type { StateContract } from '@nestbox/kernel';
import type { BrokerRecord } from '../broker/broker.js';
import { EventingError } from '../eventing.error.js';
import { conform, keyOf } from './event-message.js';
import type { EventMessage } from './event-message.js';
import { VERSION_HEADER } from './encode.js';

/** What an aggregate had come to; null: it is gone. `aggregateVersion` counts the events that are in it. */
export type StateMessage<Data = unknown> = EventMessage<Data | null>;

/** `read`: out of its wire form. Throws RECORD_UNDECODABLE. */
export function readState(record: BrokerRecord, contract: StateContract, read: (record: BrokerRecord) => EventMessage): StateMessage {
  return record.value === null ? tombstone(record) : conform(read(record), contract);
}

function tombstone(record: BrokerRecord): StateMessage<null> {
  const { topic, partition, offset, headers } = record;
  const key = keyOf(record);
  const version = Number(headers[VERSION_HEADER]);
  if (key === undefined || !isUtf8(record.key!)) throw new EventingError('RECORD_UNDECODABLE', 'the key is no text of 1 to 512 bytes');
  if (!Number.isInteger(version) || version < 1) throw new EventingError('RECORD_UNDECODABLE', `${VERSION_HEADER} is no whole number`);
  const eventId = headers.ce_id ?? '';
  return {
    eventId, key, topic, partition, offset, data: null,
    eventType: headers.ce_type ?? '',
    eventVersion: 1,
    occurredAt: headers.ce_time ?? '',
    traceId: headers.traceparent?.slice(3, 35) ?? '',
    correlationId: eventId,
    causationId: eventId,
    producer: headers.ce_source?.slice(1) ?? '',
    aggregateVersion: version,
  };
}
