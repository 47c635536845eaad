import type { HandlerMark } from '@nestbox/consumer';
import type { WireSchema } from '@nestbox/kernel';
import { asMessage, conformToMark, decode, envelopeOf, encode, encodingOf, EncodedPayload, WriterSchema } from '@nestbox/messaging';
import type { BrokerRecord, EventMessage, EncodableMessage } from '@nestbox/messaging';

/**
 * A message as a handler gets it: sealed, put on the wire in the contract's format and read again, without a broker.
 * Throws what the outbox or the consumer would.
 */
export function asRead(message: EncodableMessage, mark: Pick<HandlerMark, 'contract' | 'reads'>): EventMessage {
  const { contract } = message;
  const producer = contract.kind === 'event' ? contract.context : 'tests';
  const wire = encodingOf(contract);
  const sealed = encode(message, { producer, wire });
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
  const data = new EncodedPayload(new WriterSchema(schema), record.value!, [0]);
  return asMessage({ ...envelopeOf(record.headers), data }, record);
}
