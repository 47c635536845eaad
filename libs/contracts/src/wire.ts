import { readFileSync } from 'node:fs';
import type { WireSchema } from '@nestbox/kernel';

/** Reads the wire schema from a file next to the contract: `wire('AVRO', import.meta.url, './product-listed.v1.avsc')`. */
export function wire(format: WireSchema['format'], contract: string, file: string): WireSchema {
  return { format, text: readFileSync(new URL(file, contract), 'utf8') };
}
