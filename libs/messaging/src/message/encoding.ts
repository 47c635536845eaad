import { createHash } from 'node:crypto';
import type { MessageContract, WireSchema } from '@nestbox/kernel';
import { encoderOf } from '@nestbox/schema';

/** The header under which a row of the outbox says what its value is written in; it does not leave the house. */
export const ENCODING_HEADER = 'nestbox-wire';

/** How one contract's data is written. */
export interface MessageEncoding {
  readonly fingerprint: string;
  readonly subject: string;
  readonly schema: WireSchema;
  readonly contentType: string;
  readonly encode: (data: unknown) => Buffer;
}

const wires = new WeakMap<MessageContract, MessageEncoding>();

/** Undefined for a contract that travels as JSON. Compiled once per contract. */
export function encodingOf(contract: MessageContract): MessageEncoding | undefined {
  const { wire: schema, name: subject } = contract;
  if (!schema) return undefined;
  let wire = wires.get(contract);
  if (!wire) {
    const fingerprint = createHash('sha256').update(`${subject}\n${schema.format}\n${schema.text}`).digest('hex').slice(0, 32);
    const contentType = `application/${schema.format.toLowerCase()}`;
    wire = { fingerprint, subject, schema, contentType, encode: encoderOf(schema) };
    wires.set(contract, wire);
  }
  return wire;
}
