import { items, member } from '../compatibility/break.js';
import { isKeywords } from '../json/keywords.js';
import { Dereferencing } from '../json/references.js';
import type { JsonSchema, Keywords } from '../json/keywords.js';

/** One field of an event's data, described for people. */
export interface Field {
  /** `lines[].sku`. */
  readonly path: string;
  /** `text`, `whole number`, `one of customer, stock` … */
  readonly type: string;
  readonly required: boolean;
  readonly personalData: boolean;
  readonly description?: string;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text', integer: 'whole number', number: 'number', boolean: 'yes or no', object: 'object', array: 'list', null: 'null',
};

/** All fields of a schema, outer ones first; a recursive schema is followed once. */
export function fieldsOf(schema: JsonSchema): Field[] {
  return inside(new Dereferencing(schema), schema, '', new Set());
}

function inside(document: Dereferencing, schema: JsonSchema, path: string, above: ReadonlySet<JsonSchema>): Field[] {
  const resolved = document.schema(schema);
  if (!isKeywords(resolved) || above.has(resolved)) return [];
  const under = new Set([...above, resolved]);
  const own = Object.entries((resolved.properties ?? {}) as Record<string, JsonSchema>).flatMap(([name, sub]) => {
    const keywords = document.schema(sub);
    const field = isKeywords(keywords) ? keywords : {};
    const at = member(path, name);
    const required = ((resolved.required ?? []) as string[]).includes(name);
    return [describe(field, at, required), ...inside(document, sub, at, under)];
  });
  const each = isKeywords(resolved.items) ? inside(document, resolved.items, items(path), under) : [];
  const branches = [resolved.allOf, resolved.anyOf, resolved.oneOf].flat().filter(isKeywords);
  return [...own, ...each, ...branches.flatMap((branch) => inside(document, branch, path, under))];
}

function describe(field: Keywords, path: string, required: boolean): Field {
  const description = typeof field.description === 'string' ? { description: field.description } : {};
  return { path, type: typeOf(field), required, personalData: field['x-personal-data'] === true, ...description };
}

function typeOf({ type, enum: values, const: only, format, anyOf, oneOf }: Keywords): string {
  if (only !== undefined) return `always ${JSON.stringify(only)}`;
  if (Array.isArray(values)) return `one of ${values.join(', ')}`;
  const choices = (anyOf ?? oneOf) as Keywords[] | undefined;
  if (choices) return choices.map(typeOf).join(' or ');
  const words = [type ?? []].flat().map((one) => WORDS[one as string] ?? String(one));
  const plain = words.join(' or ') || 'anything';
  return typeof format === 'string' && plain === 'text' ? `text (${format})` : plain;
}

export interface FieldChange {
  readonly path: string;
  readonly what: 'added' | 'removed' | 'changed';
  readonly before?: string;
  readonly after?: string;
}

/** The differences between two schemas, described for people. */
export function changesBetween(before: JsonSchema, after: JsonSchema): FieldChange[] {
  const then = new Map(fieldsOf(before).map((field) => [field.path, field]));
  const now = new Map(fieldsOf(after).map((field) => [field.path, field]));
  const words = ({ type, required }: Field) => `${type}, ${required ? 'required' : 'optional'}`;
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((path): FieldChange[] => {
    const old = then.get(path);
    const fresh = now.get(path);
    if (!old) return [{ path, what: 'added', after: words(fresh!) }];
    if (!fresh) return [{ path, what: 'removed', before: words(old) }];
    return words(old) === words(fresh) ? [] : [{ path, what: 'changed', before: words(old), after: words(fresh) }];
  });
}

/** The probable new name of a removed field: set when exactly one field of the same type was added beside it. */
export function renamedTo(path: string, before: JsonSchema, after: JsonSchema): string | undefined {
  const then = fieldsOf(before);
  const now = fieldsOf(after);
  const parent = (at: string) => at.split('.').slice(0, -1).join('.');
  const gone = then.find((field) => field.path === path);
  if (!gone || now.some((field) => field.path === path)) return undefined;
  const fresh = now.filter(
    (field) => parent(field.path) === parent(path) && field.type === gone.type && !then.some((old) => old.path === field.path),
  );
  return fresh.length === 1 ? fresh[0]!.path.split('.').at(-1) : undefined;
}
