import type { Planted } from './planted.fixture.js';

type Field = Record<string, unknown>;

const fields: Record<string, Field> = {
  orderId: { name: 'orderId', type: 'string' },
  email: { name: 'email', type: 'string' },
  totalCents: { name: 'totalCents', type: 'long' },
  reason: { name: 'reason', type: { type: 'enum', name: 'Reason', symbols: ['CUSTOMER', 'STOCK'] } },
  lines: {
    name: 'lines',
    type: { type: 'array', items: { type: 'record', name: 'Line', fields: [{ name: 'sku', type: 'string' }, { name: 'quantity', type: 'int' }] } },
  },
};

function record(changes: Record<string, Field | undefined> = {}, rest: Field = {}): string {
  const all = Object.values({ ...fields, ...changes }).filter((field) => field !== undefined);
  return JSON.stringify({ type: 'record', name: 'OrderPlaced', namespace: 'shop', fields: all, ...rest });
}

const base = record();
const field = (name: string, type: unknown, rest: Field = {}): Field => ({ name, type, ...rest });
const one = (type: unknown) => JSON.stringify(type);
const reasons = (symbols: string[], rest: Field = {}) =>
  record({ reason: field('reason', { type: 'enum', name: 'Reason', symbols, ...rest }) });
const lines = (...inner: Field[]) => record({ lines: field('lines', { type: 'array', items: { type: 'record', name: 'Line', fields: inner } }) });
const sku = field('sku', 'string');
const quantity = field('quantity', 'int');
const tree = (leaf: unknown) => one({
  type: 'record', name: 'Node', fields: [field('value', leaf), field('next', ['null', 'Node'], { default: null })],
});

export const avro: Planted = {
  breaking: [
    ['a field without default added', 'BACKWARD', base, record({ userId: field('userId', 'string') })],
    ['a field without default dropped, for old readers', 'FORWARD', base, record({ email: undefined })],
    ['a field renamed', 'BACKWARD', base, record({ email: field('mail', 'string') })],
    ['a field renamed, with an alias that old readers lack', 'FORWARD', base, record({ email: field('mail', 'string', { aliases: ['email'] }) })],
    ['long turned into int', 'BACKWARD', base, record({ totalCents: field('totalCents', 'int') })],
    ['int turned into long, for old readers', 'FORWARD', one('int'), one('long')],
    ['a number turned into text', 'BACKWARD', base, record({ totalCents: field('totalCents', 'string') })],
    ['double turned into float', 'BACKWARD', one('double'), one('float')],
    ['text turned into a number', 'FULL', one('string'), one('long')],
    ['null allowed, for old readers', 'FORWARD', base, record({ email: field('email', ['null', 'string']) })],
    ['null no longer allowed', 'BACKWARD', record({ email: field('email', ['null', 'string']) }), base],
    ['a branch dropped from a union', 'BACKWARD', one(['null', 'string', 'long']), one(['null', 'string'])],
    ['an enum symbol dropped', 'BACKWARD', base, reasons(['CUSTOMER'])],
    ['an enum symbol added, for old readers', 'FORWARD', base, reasons(['CUSTOMER', 'STOCK', 'PAYMENT'])],
    ['an enum turned into text', 'BACKWARD', base, record({ reason: field('reason', 'string') })],
    ['an enum renamed', 'BACKWARD', base, record({ reason: field('reason', { type: 'enum', name: 'Cause', symbols: ['CUSTOMER', 'STOCK'] }) })],
    ['a field without default added to every line', 'BACKWARD', base, lines(sku, quantity, field('unitPriceCents', 'long'))],
    ['a field of every line renamed', 'BACKWARD', base, lines(field('product', 'string'), quantity)],
    ['a list turned into a single value', 'BACKWARD', base, record({ lines: field('lines', 'string') })],
    ['another kind of items', 'BACKWARD', one({ type: 'array', items: 'string' }), one({ type: 'array', items: 'int' })],
    ['another kind of values', 'BACKWARD', one({ type: 'map', values: 'long' }), one({ type: 'map', values: 'boolean' })],
    ['a map turned into a list', 'BACKWARD', one({ type: 'map', values: 'long' }), one({ type: 'array', items: 'long' })],
    ['a record renamed', 'BACKWARD', base, record({}, { name: 'OrderTaken' })],
    ['a fixed made longer', 'BACKWARD', one({ type: 'fixed', name: 'Id', size: 16 }), one({ type: 'fixed', name: 'Id', size: 20 })],
    ['a fixed turned into bytes', 'BACKWARD', one({ type: 'fixed', name: 'Id', size: 16 }), one('bytes')],
    ['a change far down in a recursive type', 'BACKWARD', tree('string'), tree('long')],
    ['a default taken away from a field that the old writer lacks', 'BACKWARD', record({ email: undefined }), base],
    ['a boolean turned into an int', 'BACKWARD', one('boolean'), one('int')],
  ],
  safe: [
    ['nothing at all', 'FULL', base, base],
    ['a doc added', 'FULL', base, record({}, { doc: 'An order was placed.' })],
    ['a field with a default added', 'FULL', base, record({ note: field('note', 'string', { default: '' }) })],
    ['an optional field added', 'FULL', base, record({ note: field('note', ['null', 'string'], { default: null }) })],
    ['a field dropped', 'BACKWARD', base, record({ email: undefined })],
    ['a field added, for old readers', 'FORWARD', base, record({ userId: field('userId', 'string') })],
    ['a field with a default dropped', 'FULL', record({ note: field('note', 'string', { default: '' }) }), base],
    ['a field renamed with an alias', 'BACKWARD', base, record({ email: field('mail', 'string', { aliases: ['email'] }) })],
    ['fields in another order', 'FULL', base, JSON.stringify({ ...(JSON.parse(base) as object), fields: Object.values(fields).reverse() })],
    ['int widened to long', 'BACKWARD', one('int'), one('long')],
    ['long widened to double', 'BACKWARD', one('long'), one('double')],
    ['float widened to double', 'BACKWARD', one('float'), one('double')],
    ['text read as bytes', 'FULL', one('string'), one('bytes')],
    ['null allowed', 'BACKWARD', base, record({ email: field('email', ['null', 'string']) })],
    ['a branch added to a union', 'BACKWARD', one(['null', 'string']), one(['null', 'string', 'long'])],
    ['a union in another order', 'FULL', one(['null', 'string']), one(['string', 'null'])],
    ['an enum symbol added', 'BACKWARD', base, reasons(['CUSTOMER', 'STOCK', 'PAYMENT'])],
    ['an enum symbol dropped where a default stands in', 'BACKWARD', base, reasons(['CUSTOMER', 'OTHER'], { default: 'OTHER' })],
    ['a symbol added, for old readers with a default', 'FORWARD', reasons(['CUSTOMER', 'OTHER'], { default: 'OTHER' }), reasons(['CUSTOMER', 'OTHER', 'STOCK'], { default: 'OTHER' })],
    ['a field with a default added to every line', 'FULL', base, lines(sku, quantity, field('unitPriceCents', 'long', { default: 0 }))],
    ['a wider number in every line', 'BACKWARD', base, lines(sku, field('quantity', 'long'))],
    ['a record renamed with an alias', 'BACKWARD', base, record({}, { name: 'OrderTaken', aliases: ['OrderPlaced'] })],
    ['another namespace', 'FULL', base, record({}, { namespace: 'store' })],
    ['a logical type, which is only a remark', 'FULL', one('long'), one({ type: 'long', logicalType: 'timestamp-millis' })],
    ['a recursive type against itself', 'FULL', tree('string'), tree('string')],
    ['a recursive type with a wider leaf', 'BACKWARD', tree('int'), tree('long')],
    ['anything at all under no level', 'NONE', base, one('string')],
    ['a break forwards under a backward level', 'BACKWARD', base, reasons(['CUSTOMER', 'STOCK', 'PAYMENT'])],
  ],
};
