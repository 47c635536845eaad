import type { CompatibilityLevel } from '@nestbox/kernel';
import { avroBreaks } from '../avro/avro-breaks.js';
import { parseAvro } from '../avro/avro-schema.js';
import { jsonBreaks, requireReferences } from '../json/json-breaks.js';
import { parseJsonSchema } from '../json/json-schema.js';
import { protobufBreaks } from '../protobuf/protobuf-breaks.js';
import { parseProtobuf } from '../protobuf/protobuf-schema.js';
import type { Break } from '../compatibility/break.js';
import { demandsOf } from './level.js';
import type { SchemaReference, SchemaText } from '../compatibility/schema-text.js';
import { TooComplexError } from '../compatibility/schema.error.js';

export interface Comparing {
  /** Also report wire-safe changes that a reader would notice: a Protobuf field renamed, dropped or narrowed. */
  readonly strict?: boolean;
}

/** Throws SchemaError when the text is not a schema of its format. */
export function requireValid({ format, text, references }: SchemaText): void {
  if (format === 'AVRO') parseAvro(text, references);
  else if (format === 'JSON') requireReferences(parseJsonSchema(text, references));
  else parseProtobuf(text, references);
}

/** The reasons why data of `writer` cannot be read with `reader`; empty when it can. Throws SchemaError or TooComplexError. */
export function breaksBetween(reader: SchemaText, writer: SchemaText, comparing: Comparing = {}): Break[] {
  try {
    return breaksOf(reader, writer, comparing);
  } catch (cause) {
    // Types nested that deep are no schema that somebody wrote.
    if (cause instanceof RangeError) throw new TooComplexError('the depth of the stack', { cause });
    throw cause;
  }
}

function breaksOf(reader: SchemaText, writer: SchemaText, { strict = false }: Comparing): Break[] {
  if (reader.format !== writer.format) {
    return [{ kind: 'FORMAT_CHANGED', path: '', reason: `the reader expects ${reader.format}, the writer sends ${writer.format}` }];
  }
  const pair = <T>(parse: (text: string, references?: readonly SchemaReference[]) => T): [T, T] => [
    parse(reader.text, reader.references),
    parse(writer.text, writer.references),
  ];
  if (reader.format === 'AVRO') return avroBreaks(...pair(parseAvro));
  if (reader.format === 'JSON') return jsonBreaks(...pair(parseJsonSchema));
  return protobufBreaks(...pair(parseProtobuf), strict);
}

export interface Incompatibility extends Break {
  readonly direction: 'backward' | 'forward';
  /** Index in `existing`. */
  readonly against: number;
}

/** The breaks between a proposed schema and the existing ones (oldest first) at a compatibility level. */
export function incompatibilities(
  proposed: SchemaText,
  existing: readonly SchemaText[],
  level: CompatibilityLevel,
  comparing?: Comparing,
): Incompatibility[] {
  const { backward, forward, transitive } = demandsOf(level);
  return existing.flatMap((old, against) => {
    if (!transitive && against < existing.length - 1) return [];
    const found: Incompatibility[] = [];
    const note = (direction: Incompatibility['direction'], breaks: readonly Break[]) =>
      found.push(...breaks.map((one) => ({ ...one, direction, against })));
    if (backward) note('backward', breaksBetween(proposed, old, comparing));
    if (forward) note('forward', breaksBetween(old, proposed, comparing));
    return found;
  });
}
