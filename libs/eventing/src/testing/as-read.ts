import type { HandlerMark } from '@nestbox/consumer';
import type { WireSchema } from '@nestbox/kernel';
import { asMessage, conformToMark, decode, envelopeOf, encode, encodingOf, EncodedPayload, WriterSchema } from '@nestbox/messaging';
import type { BrokerRecord, EventMessage, EncodableMessage } from '@nestbox/messaging';

/**
 * Returns a message as a handler gets it: encoded in the contract's format and decoded again, without a broker. Throws the
 * errors of the outbox and the consumer.
 */
export function asRead(message: EncodableMessage, mark: Pick<HandlerMark, 'contract' | 'reads'>): EventMessage {
  const { contract } = message;
  const producer = contract.kind === 'event' ? contract.context : 'tests';
  const encoding = encodingOf(contract);
  const encoded = encode(message, { producer, encoding });
  const record = {
    topic: encoded.topic,
    partition: 0,
    offset: '0',
    timestamp: Date.now(),
    key: Buffer.from(encoded.key),
    headers: JSON.parse(encoded.headers) as Record<string, string>,
    value: encoded.value === null ? null : Buffer.from(encoded.value, encoding ? 'base64' : 'utf8'),
  };
  return conformToMark(encoding ? framed(record, encoding.schema) : decode(record), mark);
}

function framed(record: BrokerRecord, schema: WireSchema): EventMessage {
  const data = new EncodedPayload(new WriterSchema(schema), record.value!, [0]);
  return asMessage({ ...envelopeOf(record.headers), data }, record);
}
