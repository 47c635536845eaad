import { RegistryApp } from '../../../test/support/registry-app.js';

const order = (...fields: object[]) => ({
  type: 'record', name: 'OrderPlaced', fields: [{ name: 'orderId', type: 'string' }, ...fields],
});
const note = { name: 'note', type: 'string', default: '' };
const email = { name: 'email', type: 'string' };

describe('the registry', () => {
  let registry: RegistryApp;

  beforeAll(async () => {
    registry = await RegistryApp.start();
  });
  afterAll(() => registry.stop());

  it('keeps versions of a subject, and gives each schema one id wherever it stands', async () => {
    const first = await registry.register('kept', order());
    expect(first).toMatchObject({ status: 200, type: expect.stringMatching(/^application\/vnd\.schemaregistry\.v1\+json/) });
    const { id } = first.body as { id: number };
    expect((await registry.register('kept', `  ${JSON.stringify(order(), null, 4)}`)).body).toEqual({ id });
    expect((await registry.register('kept elsewhere', order())).body).toEqual({ id });
    expect((await registry.register('kept', order(note))).body).not.toEqual({ id });

    expect((await registry.get('/subjects/kept/versions')).body).toEqual([1, 2]);
    const schema = JSON.stringify(order());
    expect((await registry.get('/subjects/kept/versions/1')).body).toEqual({ subject: 'kept', version: 1, id, schema });
    expect((await registry.get('/subjects/kept/versions/latest')).body).toMatchObject({ version: 2 });
    expect((await registry.get(`/schemas/ids/${id}`)).body).toEqual({ schema });
    expect((await registry.get(`/schemas/ids/${id}/versions`)).body).toEqual([
      { subject: 'kept', version: 1 },
      { subject: 'kept elsewhere', version: 1 },
    ]);
    expect((await registry.send('POST', '/subjects/kept', { schema })).body).toMatchObject({ version: 1, id });
    expect((await registry.get('/subjects?subjectPrefix=kept')).body).toEqual(['kept', 'kept elsewhere']);
  });

  it('gives a hundred who register the same schema at once one id and one version', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => registry.register('crowded', order(note, email))));
    expect(new Set(answers.map(({ body }) => (body as { id: number }).id)).size).toBe(1);
    expect((await registry.get('/subjects/crowded/versions')).body).toEqual([1]);
  });

  it('counts versions without a hole when different schemas come at once', async () => {
    await registry.send('PUT', '/config/many', { compatibility: 'NONE' });
    const fields = Array.from({ length: 20 }, (_, n) => ({ name: `field${n}`, type: 'string' }));
    const answers = await Promise.all(fields.map((field) => registry.register('many', order(field))));
    expect(new Set(answers.map(({ body }) => (body as { id: number }).id)).size).toBe(20);
    expect((await registry.get('/subjects/many/versions')).body).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('refuses what breaks the level, saying where', async () => {
    await registry.register('strict', order());
    const refused = await registry.register('strict', order(email));
    expect(refused).toMatchObject({ status: 409, body: { error_code: 409 } });
    expect((refused.body as { message: string }).message).toMatch(/READER_FIELD_MISSING_DEFAULT_VALUE.*"email"/);
    const schema = JSON.stringify(order(email));
    const check = (query = '') => registry.send('POST', `/compatibility/subjects/strict/versions/latest${query}`, { schema }, null);
    expect((await check()).body).toEqual({ is_compatible: false });
    expect((await check('?verbose=true')).body).toMatchObject({ is_compatible: false, messages: [expect.stringContaining('email')] });
    await registry.send('PUT', '/config/strict', { compatibility: 'FORWARD' });
    expect((await check()).body).toEqual({ is_compatible: true });
    expect((await registry.register('strict', order(email))).status).toBe(200);
  });

  it('knows levels and modes of the whole and of a subject', async () => {
    expect((await registry.get('/config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
    expect((await registry.get('/config/plain')).body).toMatchObject({ error_code: 40408 });
    expect((await registry.get('/config/plain?defaultToGlobal=true')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
    expect((await registry.send('PUT', '/config/plain', { compatibility: 'SOMETIMES' })).body).toMatchObject({ error_code: 42203 });
    expect((await registry.send('PUT', '/mode/plain', { mode: 'READONLY' })).body).toEqual({ mode: 'READONLY' });
    expect((await registry.register('plain', order())).body).toMatchObject({ error_code: 42205 });
    expect((await registry.send('DELETE', '/mode/plain')).body).toEqual({ mode: 'READONLY' });
    expect((await registry.register('plain', order())).status).toBe(200);
  });

  it('takes ids and versions from elsewhere in import mode', async () => {
    await registry.send('PUT', '/mode/moved', { mode: 'IMPORT' });
    const field = { name: 'moved', type: 'long' };
    expect((await registry.register('moved', order(field), 'AVRO', { id: 5000, version: 7 })).body).toEqual({ id: 5000 });
    expect((await registry.get('/subjects/moved/versions')).body).toEqual([7]);
    const next = await registry.register('after the move', order({ name: 'next', type: 'long' }));
    expect((next.body as { id: number }).id).toBeGreaterThan(5000);
  });

  it('deletes softly, so that ids still resolve, and then for good', async () => {
    const { id } = (await registry.register('gone', order({ name: 'gone', type: 'int' }))).body as { id: number };
    expect((await registry.send('DELETE', '/subjects/gone?permanent=true')).body).toMatchObject({ error_code: 40405 });
    expect((await registry.send('DELETE', '/subjects/gone')).body).toEqual([1]);
    expect((await registry.send('DELETE', '/subjects/gone')).body).toMatchObject({ error_code: 40404 });
    expect((await registry.get('/subjects/gone/versions')).body).toMatchObject({ error_code: 40401 });
    expect((await registry.get('/subjects/gone/versions?deleted=true')).body).toEqual([1]);
    expect((await registry.get(`/schemas/ids/${id}`)).status).toBe(200);
    expect((await registry.register('gone', order({ name: 'gone', type: 'int' }))).body).toEqual({ id });
    expect((await registry.get('/subjects/gone/versions')).body).toEqual([2]);
    expect((await registry.send('DELETE', '/subjects/gone/versions/2')).body).toBe(2);
    expect((await registry.send('DELETE', '/subjects/gone/versions/2?permanent=true')).body).toBe(2);
    expect((await registry.send('DELETE', '/subjects/gone?permanent=true')).body).toEqual([1]);
    expect((await registry.get('/subjects/gone/versions?deleted=true')).body).toMatchObject({ error_code: 40401 });
  });

  it('follows references in all three formats, and keeps what is referred to', async () => {
    await registry.register('line-avro', { type: 'record', name: 'Line', namespace: 'shop', fields: [{ name: 'sku', type: 'string' }] });
    const avro = { type: 'record', name: 'Basket', namespace: 'shop', fields: [{ name: 'lines', type: { type: 'array', items: 'Line' } }] };
    const one = (name: string, subject: string) => ({ references: [{ name, subject, version: 1 }] });
    expect((await registry.register('basket-avro', avro, 'AVRO', one('shop.Line', 'line-avro'))).status).toBe(200);
    await registry.register('line-json', { type: 'object', properties: { sku: { type: 'string' } } }, 'JSON');
    const json = { type: 'object', properties: { first: { $ref: 'line.json' } } };
    expect((await registry.register('basket-json', json, 'JSON', one('line.json', 'line-json'))).status).toBe(200);
    await registry.register('line-proto', 'syntax = "proto3";\npackage shop;\nmessage Line {\n  string sku = 1;\n}\n', 'PROTOBUF');
    const proto = 'syntax = "proto3";\nimport "line.proto";\nmessage Basket {\n  repeated shop.Line lines = 1;\n}\n';
    const basket = await registry.register('basket-proto', proto, 'PROTOBUF', one('line.proto', 'line-proto'));
    expect(basket.status).toBe(200);

    expect((await registry.get('/subjects/line-proto/versions/1/referencedby')).body).toEqual([(basket.body as { id: number }).id]);
    expect((await registry.send('DELETE', '/subjects/line-proto')).body).toMatchObject({ error_code: 42206 });
    expect((await registry.register('lost', avro, 'AVRO', one('shop.Line', 'nowhere'))).body).toMatchObject({ error_code: 42201 });
  });

  it('refuses writing to whoever bears no token, and reading to nobody', async () => {
    const schema = JSON.stringify(order());
    expect(await registry.send('POST', '/subjects/shut/versions', { schema }, null)).toMatchObject({ status: 401, body: { error_code: 40101 } });
    expect(await registry.send('PUT', '/config', { compatibility: 'NONE' }, 'viewer')).toMatchObject({ status: 401 });
    expect(await registry.send('DELETE', '/subjects/kept', undefined, 'guess')).toMatchObject({ status: 401 });
    expect((await registry.get('/subjects/kept/versions/1')).status).toBe(200);
    const closed = await RegistryApp.start([]);
    try {
      expect(await closed.register('shut', order())).toMatchObject({ status: 403, body: { error_code: 40301 } });
    } finally {
      await closed.stop();
    }
  });

  it.each([
    ['no schema', { schema: '' }, 42201],
    ['no JSON', { schema: '{' }, 42201],
    ['no Avro', { schema: '{"type":"recrod"}' }, 42201],
    ['a format that is none', { schema: '{}', schemaType: 'THRIFT' }, 42201],
    ['a JSON Schema of a type that is none', { schema: '{"type":"strnig"}', schemaType: 'JSON' }, 42201],
    ['a Protobuf schema cut short', { schema: 'syntax = "proto3"; message Order {', schemaType: 'PROTOBUF' }, 42201],
    ['a reference into the file system', { schema: '{"$ref":"file:///etc/passwd"}', schemaType: 'JSON' }, 42201],
    ['references that are no list', { schema: '{}', schemaType: 'JSON', references: 'all' }, 422],
  ])('refuses %s', async (_what, body, code) => {
    expect(await registry.send('POST', '/subjects/refused/versions', body)).toMatchObject({ status: 422, body: { error_code: code } });
  });

  it('answers what is not there as Confluent’s does', async () => {
    const code = async (path: string) => ((await registry.get(path)).body as { error_code: number }).error_code;
    expect(await code('/subjects/nobody/versions/1')).toBe(40401);
    expect(await code('/subjects/kept/versions/99')).toBe(40402);
    expect(await code('/subjects/kept/versions/zero')).toBe(42202);
    expect(await code('/schemas/ids/999999')).toBe(40403);
    expect(await registry.send('POST', '/subjects/refused/versions', '{')).toMatchObject({ status: 400, body: { error_code: 400 } });
  });
});
