import type { Planted } from './planted.fixture.js';

type Json = Record<string, unknown>;

const order = {
  orderId: { type: 'string' },
  email: { type: 'string', maxLength: 254 },
  totalCents: { type: 'integer', minimum: 0, maximum: 1_000_000 },
  reason: { enum: ['customer', 'stock'] },
  lines: {
    type: 'array', minItems: 1, maxItems: 100,
    items: { type: 'object', properties: { sku: { type: 'string', pattern: '^[a-z]+$' }, quantity: { type: 'integer' } }, required: ['sku', 'quantity'] },
  },
};
const required = ['orderId', 'email', 'totalCents', 'reason', 'lines'];

/** An order whose properties are changed: undefined takes one away. Closed, as what this house writes is. */
function schema(changes: Json = {}, { needs = required, open = false, ...rest }: { needs?: string[]; open?: boolean } & Json = {}): string {
  const properties = Object.fromEntries(Object.entries({ ...order, ...changes }).filter(([, sub]) => sub !== undefined));
  const closed = open ? {} : { additionalProperties: false };
  return JSON.stringify({ type: 'object', properties, required: needs.filter((name) => name in properties), ...closed, ...rest });
}

const base = schema();
const open = schema({}, { open: true });
const one = (sub: unknown) => JSON.stringify(sub);
const line = order.lines.items;
const lines = (changes: Json) => schema({ lines: { ...order.lines, ...changes } });
const tree = (leaf: Json) => JSON.stringify({
  $ref: '#/$defs/node',
  $defs: { node: { type: 'object', properties: { name: leaf, children: { type: 'array', items: { $ref: '#/$defs/node' } } }, required: ['name'] } },
});

export const json: Planted = {
  breaking: [
    ['a required field renamed', 'BACKWARD', base, schema({ email: undefined, mail: order.email }, { needs: [...required, 'mail'] })],
    ['a required field renamed, for old readers', 'FORWARD', base, schema({ email: undefined, mail: order.email }, { needs: [...required, 'mail'] })],
    ['a required field dropped, for old readers', 'FORWARD', base, schema({ email: undefined })],
    ['a required field made optional, for old readers', 'FORWARD', base, schema({}, { needs: required.filter((name) => name !== 'email') })],
    ['an optional field made required', 'BACKWARD', schema({}, { needs: ['orderId'] }), base],
    ['a required field added', 'BACKWARD', base, schema({ userId: { type: 'string' } }, { needs: [...required, 'userId'] })],
    ['a number turned into text', 'BACKWARD', base, schema({ totalCents: { type: 'string' } })],
    ['a number allowed to have fractions, for old readers', 'FORWARD', base, schema({ totalCents: { type: 'number', minimum: 0, maximum: 1_000_000 } })],
    ['fractions forbidden', 'BACKWARD', one({ type: 'number' }), one({ type: 'integer' })],
    ['null allowed, for old readers', 'FORWARD', base, schema({ email: { type: ['string', 'null'], maxLength: 254 } })],
    ['null no longer allowed', 'BACKWARD', one({ type: ['string', 'null'] }), one({ type: 'string' })],
    ['an enum value dropped', 'BACKWARD', base, schema({ reason: { enum: ['customer'] } })],
    ['an enum value added, for old readers', 'FORWARD', base, schema({ reason: { enum: ['customer', 'stock', 'payment'] } })],
    ['free text restricted to an enum', 'BACKWARD', one({ type: 'string' }), one({ enum: ['customer'] })],
    ['maximum lowered', 'BACKWARD', base, schema({ totalCents: { ...order.totalCents, maximum: 1_000 } })],
    ['maximum raised, for old readers', 'FORWARD', base, schema({ totalCents: { ...order.totalCents, maximum: 9_000_000 } })],
    ['minimum raised', 'BACKWARD', base, schema({ totalCents: { ...order.totalCents, minimum: 1 } })],
    ['minimum made exclusive', 'BACKWARD', one({ type: 'number', minimum: 0 }), one({ type: 'number', exclusiveMinimum: 0 })],
    ['a limit added to text', 'BACKWARD', one({ type: 'string' }), one({ type: 'string', maxLength: 10 })],
    ['text shortened', 'BACKWARD', base, schema({ email: { type: 'string', maxLength: 100 } })],
    ['a pattern added', 'BACKWARD', base, schema({ email: { ...order.email, pattern: '@' } })],
    ['a pattern changed', 'BACKWARD', lines({}), lines({ items: { ...line, properties: { ...line.properties, sku: { type: 'string', pattern: '^[A-Z]+$' } } } })],
    ['multiples only', 'BACKWARD', one({ type: 'integer' }), one({ type: 'integer', multipleOf: 5 })],
    ['a field of every line renamed', 'BACKWARD', base, lines({ items: { type: 'object', properties: { product: {}, quantity: {} }, required: ['product', 'quantity'] } })],
    ['an empty list forbidden', 'BACKWARD', lines({ minItems: 0 }), base],
    ['fewer lines', 'BACKWARD', base, lines({ maxItems: 10 })],
    ['no line twice', 'BACKWARD', base, lines({ uniqueItems: true })],
    ['a list turned into a table', 'BACKWARD', base, schema({ lines: { type: 'object' } })],
    ['an optional field added to open content', 'BACKWARD', open, schema({ note: { type: 'string' } }, { open: true })],
    ['content closed', 'BACKWARD', open, base],
    ['an optional field dropped from closed content', 'BACKWARD', schema({ note: {} }), base],
    ['a branch of a choice dropped', 'BACKWARD', one({ oneOf: [{ type: 'string' }, { type: 'integer' }] }), one({ oneOf: [{ type: 'string' }] })],
    ['a branch of a choice added, for old readers', 'FORWARD', one({ anyOf: [{ type: 'string' }] }), one({ anyOf: [{ type: 'string' }, { type: 'null' }] })],
    ['one more demand', 'BACKWARD', one({ allOf: [{ type: 'string' }] }), one({ allOf: [{ type: 'string' }, { minLength: 3 }] })],
    ['a change far down in a recursive schema', 'BACKWARD', tree({ type: 'string' }), tree({ type: 'integer' })],
    ['a fixed position changed', 'BACKWARD', one({ prefixItems: [{ type: 'string' }] }), one({ prefixItems: [{ type: 'integer' }] })],
    ['further items forbidden', 'BACKWARD', one({ type: 'array' }), one({ type: 'array', items: false })],
    ['a second break hidden behind a transitive level', 'BACKWARD_TRANSITIVE', base, schema({ email: { type: 'integer' } })],
    ['a field that others bring with them', 'BACKWARD', schema({}, { needs: ['orderId'] }), schema({}, { needs: ['orderId'], dependentRequired: { email: ['totalCents'] } })],
    ['a value forbidden', 'BACKWARD', one({ type: 'string' }), one({ type: 'string', not: { const: '' } })],
  ],
  safe: [
    ['nothing at all', 'FULL', base, base],
    ['the keywords in another order', 'FULL', base, JSON.stringify({ ...(JSON.parse(base) as object), required: [...required].reverse() })],
    ['a description and an example', 'FULL', base, schema({}, { description: 'An order', examples: [{}] })],
    ['an optional field added', 'BACKWARD', base, schema({ note: { type: 'string' } })],
    ['an optional field added, for open readers', 'FORWARD', open, schema({ note: { type: 'string' } })],
    ['a required field added, for open readers', 'FORWARD', open, schema({ note: { type: 'string' } }, { needs: [...required, 'note'] })],
    ['an optional field dropped, for old readers', 'FORWARD', schema({ note: { type: 'string' } }), base],
    ['a required field with a default added', 'BACKWARD', base, schema({ note: { type: 'string', default: '' } }, { needs: [...required, 'note'] })],
    ['a required field made optional', 'BACKWARD', base, schema({}, { needs: ['orderId'] })],
    ['an optional field made required, for old readers', 'FORWARD', schema({}, { needs: ['orderId'] }), base],
    ['an enum value added', 'BACKWARD', base, schema({ reason: { enum: ['customer', 'stock', 'payment'] } })],
    ['an enum value dropped, for old readers', 'FORWARD', base, schema({ reason: { enum: ['stock'] } })],
    ['an enum opened to all text', 'BACKWARD', one({ enum: ['customer'] }), one({ type: 'string' })],
    ['a constant written as an enum', 'FULL', one({ const: 'stock' }), one({ enum: ['stock'] })],
    ['fractions allowed', 'BACKWARD', one({ type: 'integer' }), one({ type: 'number' })],
    ['null allowed', 'BACKWARD', one({ type: 'string' }), one({ type: ['string', 'null'] })],
    ['maximum raised', 'BACKWARD', base, schema({ totalCents: { ...order.totalCents, maximum: 9_000_000 } })],
    ['minimum lowered', 'BACKWARD', base, schema({ totalCents: { ...order.totalCents, minimum: -5 } })],
    ['a limit of numbers taken away', 'BACKWARD', base, schema({ totalCents: { type: 'integer' } })],
    ['an exclusive minimum made inclusive', 'BACKWARD', one({ type: 'number', exclusiveMinimum: 0 }), one({ type: 'number', minimum: 0 })],
    ['text lengthened', 'BACKWARD', base, schema({ email: { type: 'string', maxLength: 320 } })],
    ['a pattern taken away', 'BACKWARD', base, lines({ items: { ...line, properties: { sku: { type: 'string' }, quantity: { type: 'integer' } } } })],
    ['a coarser multiple before', 'BACKWARD', one({ type: 'integer', multipleOf: 10 }), one({ type: 'integer', multipleOf: 5 })],
    ['more lines', 'BACKWARD', base, lines({ maxItems: 500 })],
    ['an empty list allowed', 'BACKWARD', base, lines({ minItems: 0 })],
    ['a line twice allowed', 'BACKWARD', lines({ uniqueItems: true }), base],
    ['content opened', 'BACKWARD', base, open],
    ['content closed, for old readers', 'FORWARD', open, base],
    ['a part moved into $defs', 'FULL', base, JSON.stringify({ ...(JSON.parse(lines({ items: { $ref: '#/$defs/line' } })) as object), $defs: { line } })],
    ['a branch of a choice added', 'BACKWARD', one({ anyOf: [{ type: 'string' }] }), one({ anyOf: [{ type: 'string' }, { type: 'null' }] })],
    ['a plain type made one of a choice', 'BACKWARD', one({ type: 'string' }), one({ oneOf: [{ type: 'integer' }, { type: 'string' }] })],
    ['several types written as a choice', 'FULL', one({ type: ['string', 'null'] }), one({ anyOf: [{ type: 'null' }, { type: 'string' }] })],
    ['a demand taken away', 'BACKWARD', one({ allOf: [{ type: 'string' }, { minLength: 3 }] }), one({ type: 'string' })],
    ['an allOf written out', 'FULL', one({ allOf: [{ type: 'string' }, { minLength: 3 }] }), one({ type: 'string', minLength: 3 })],
    ['a recursive schema against itself', 'FULL', tree({ type: 'string' }), tree({ type: 'string' })],
    ['a recursive schema with a wider leaf', 'BACKWARD', tree({ type: 'string' }), tree({ type: ['string', 'null'] })],
    ['anything accepted', 'BACKWARD', base, one(true)],
    ['anything at all under no level', 'NONE', base, one({ type: 'string' })],
    ['a break backwards under a forward level', 'FORWARD', base, schema({ reason: { enum: ['customer'] } })],
    ['another format, which is only a remark', 'FULL', one({ type: 'string', format: 'email' }), one({ type: 'string', format: 'uuid' })],
  ],
};
