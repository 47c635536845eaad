import { createRequire } from 'node:module';
import type { Keywords } from './keywords.js';

const require = createRequire(import.meta.url);
const REFS = 'ajv/dist/refs';
const AJV: Readonly<Record<string, string>> = { 'draft-06/schema': 'json-schema-draft-06', 'draft-07/schema': 'json-schema-draft-07' };
const found = new Map<string, Keywords | undefined>();

/** A schema of JSON Schema itself, by its address. Draft 4's is said to be any object: it has no copy here. */
export function metaschema(address: string): Keywords | undefined {
  const path = /^https?:\/\/json-schema\.org\/(.+?)#?$/.exec(address)?.[1];
  if (path === undefined) return undefined;
  if (!found.has(path)) found.set(path, load(path));
  return found.get(path);
}

function load(path: string): Keywords | undefined {
  if (path === 'draft-04/schema' || path === 'schema') return { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' };
  const own = AJV[path] ?? /^draft\/(2019-09|2020-12)\/((?:meta\/)?[a-z-]+)$/.exec(path)?.slice(1).reduce((year, file) => `json-schema-${year}/${file}`);
  if (own === undefined) return undefined;
  try {
    return require(`${REFS}/${own}.json`) as Keywords;
  } catch {
    return undefined;
  }
}
