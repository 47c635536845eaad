import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Keywords } from './keywords.js';

const DRAFT_7 = 'http://json-schema.org/draft-07/schema';
let validators: readonly Ajv[] | undefined;

/** A schema of JSON Schema itself, by its address, as ajv has it. Of drafts 4 and 6 it has none: draft 7's is taken. */
export function metaschema(address: string): Keywords | undefined {
  if (!/^https?:\/\/json-schema\.org\//.test(address)) return undefined;
  validators ??= [new Ajv(), new Ajv2019(), new Ajv2020()];
  const plain = address.replace(/#?$/, '').replace(/^http:(.+\/draft\/)/, 'https:$1');
  const wanted = /\/(draft-0[467]\/)?schema$/.test(plain) && !plain.includes('/draft/') ? DRAFT_7 : plain;
  const found = validators.map(({ schemas, refs }) => schemas[wanted] ?? refs[wanted]).find((one) => typeof one === 'object');
  return found?.schema as Keywords | undefined;
}
