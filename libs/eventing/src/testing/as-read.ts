import type { WireSchema } from '@nestbox/kernel';
import type { BrokerRecord } from '../broker/broker.js';
import { asMessage, conformToMark, decode } from '../consumer/event-message.js';
import type { EventMessage } from '../consumer/event-message.js';
import type { HandlerMark } from '../consumer/handler-mark.js';
import { seal } from '../outbox/seal.js';
import type { Sealable } from '../outbox/seal.js';
import { wireOf } from '../schema/outgoing-wire.js';
import { envelopeOf } from '../schema/wire-headers.js';
import { WirePayload, WriterSchema } from '../schema/wire-payload.js';

/**
 * A message as a handler gets it: sealed, put on the wire in the contract's format and read again, without a broker.
 * Throws what the outbox or the consumer would.
 */
export function asRead(message: Sealable, mark: Pick<HandlerMark, 'contract' | 'reads'>): EventMessage {
  const { contract } = message;
  const producer = contract.kind === 'event' ? contract.context : 'tests';
  const wire = wireOf(contract);
  const sealed = seal(message, { producer, wire });
  const record = {
    topic: sealed.topic,
    partition: 0,
    offset: '0',
    timestamp: Date.now(),
    key: Buffer.from(sealed.key),
    headers: JSON.parse(sealed.headers) as Record<string, string>,
    value: sealed.value === null ? null : Buffer.from(sealed.value, wire ? 'base64' : 'utf8'),
  };
  return conformToMark(wire ? framed(record, wire.schema) : decode(record), mark);
}

function framed(record: BrokerRecord, schema: WireSchema): EventMessage {
  const data = new WirePayload(new WriterSchema(schema), record.value!, [0]);
  return asMessage({ ...envelopeOf(record.headers), data }, record);
}
