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

  it('never gives an id or a version of elsewhere to another schema', async () => {
    const field = (name: string) => order({ name, type: 'long' });
    const code = async (answer: Promise<{ body: unknown }>) => ((await answer).body as { error_code: number }).error_code;
    const imported = (name: string, id?: number, version?: number) => registry.register('brought', field(name), 'AVRO', { id, version });
    await registry.send('PUT', '/mode/brought', { mode: 'IMPORT' });
    expect((await imported('one', 7001, 3)).body).toEqual({ id: 7001 });
    expect((await imported('one', 7001, 3)).body).toEqual({ id: 7001 });
    expect(await code(imported('two', 7001, 4))).toBe(42205);
    expect(await code(imported('two', 7002, 3))).toBe(42205);
    expect(await code(imported('two'))).toBe(42205);
    expect((await registry.get('/subjects/brought/versions/3')).body).toMatchObject({ id: 7001 });
    await registry.register('not empty', order());
    expect(await code(registry.send('PUT', '/mode/not%20empty', { mode: 'IMPORT' }))).toBe(42205);
    expect((await registry.send('PUT', '/mode/not%20empty?force=true', { mode: 'IMPORT' })).body).toEqual({ mode: 'IMPORT' });
  });

  it('resolves references to what was deleted softly', async () => {
    const line = { type: 'record', name: 'OldLine', namespace: 'shop', fields: [{ name: 'sku', type: 'string' }] };
    await registry.register('old-line', line);
    await registry.send('DELETE', '/subjects/old-line');
    const basket = { type: 'record', name: 'OldBasket', namespace: 'shop', fields: [{ name: 'line', type: 'OldLine' }] };
    const references = [{ name: 'shop.OldLine', subject: 'old-line', version: 1 }];
    expect((await registry.register('old-basket', basket, 'AVRO', { references })).status).toBe(200);
  });

  it('finds a schema in whatever spelling it is looked up, and its numbers are kept', async () => {
    const spelled = { namespace: 'shop', fields: [{ type: { type: 'long' }, name: 'count', default: 0 }], name: 'Spelled', type: 'record' };
    const { id } = (await registry.register('spelled', { type: 'record', name: 'shop.Spelled', fields: [{ name: 'count', type: 'long', default: 0 }] })).body as { id: number };
    expect((await registry.register('spelled', `// ours\n${JSON.stringify(spelled)}`)).body).toEqual({ id });
    expect((await registry.send('POST', '/subjects/spelled', { schema: JSON.stringify(spelled) })).body).toMatchObject({ id, version: 1 });
    const proto = 'syntax = "proto3";\nmessage Spelled {\n  string a = 1;\n}\n';
    const first = await registry.register('spelled-proto', proto, 'PROTOBUF');
    expect((await registry.register('spelled-proto', `${proto.replaceAll('  ', ' ')}// later`, 'PROTOBUF')).body).toEqual(first.body);
    const big = '{"const":9223372036854775807}';
    await registry.register('spelled-json', big, 'JSON');
    expect((await registry.get('/subjects/spelled-json/versions/1/schema')).body).toEqual(JSON.parse(big));
    expect((await registry.get('/subjects/spelled-json/versions/1')).body).toMatchObject({ schema: big });
    await registry.register('sorted', '{"type":"string","minLength":1}', 'JSON');
    const other = { schema: '{"minLength":1,"type":"string"}', schemaType: 'JSON' };
    expect((await registry.send('POST', '/subjects/sorted', other)).body).toMatchObject({ error_code: 40403 });
    expect((await registry.send('POST', '/subjects/sorted?normalize=true', other)).body).toMatchObject({ version: 1 });
    expect((await registry.send('POST', '/subjects/sorted/versions?normalize=true', other)).status).toBe(200);
    expect((await registry.get('/subjects/sorted/versions')).body).toEqual([1]);
  });

  it('answers others while it compares what takes long, and says that it is too complex', async () => {
    const many = Array.from({ length: 150 }, (_, n) => `k${n}`);
    const hard = (more: object) => ({
      $ref: '#/definitions/node',
      definitions: {
        node: { oneOf: many.map((name) => ({ $ref: `#/definitions/${name}` })) },
        ...Object.fromEntries(many.map((name, n) => [name, { type: 'object', properties: { [name]: { type: 'integer' }, left: { $ref: '#/definitions/node' }, size: { type: 'integer', minimum: n, ...more } }, required: [name] }])),
      },
    });
    await registry.register('hard', hard({}), 'JSON');
    const body = { schema: JSON.stringify(hard({ maximum: 1_000 })), schemaType: 'JSON' };
    let isAnswered = false;
    const slow = registry.send('POST', '/compatibility/subjects/hard/versions/latest', body, null).finally(() => (isAnswered = true));
    expect((await registry.get('/subjects/hard/versions')).body).toEqual([1]);
    expect(isAnswered).toBe(false);
    expect(await slow).toMatchObject({ status: 422, body: { error_code: 422, message: expect.stringMatching(/too complex to compare within/) } });
  });

  it('shows parts of lists, what was deleted, and the highest id', async () => {
    await registry.send('PUT', '/config/listed', { compatibility: 'NONE' });
    for (const name of ['a', 'b', 'c']) await registry.register('listed', order({ name, type: 'int' }));
    await registry.send('DELETE', '/subjects/listed/versions/2');
    const get = async (path: string) => (await registry.get(path)).body;
    expect(await get('/subjects/listed/versions?offset=1&limit=1')).toEqual([3]);
    expect(await get('/subjects/listed/versions?deletedOnly=true')).toEqual([2]);
    expect(await get('/subjects?subjectPrefix=listed&limit=1')).toEqual(['listed']);
    expect(await get('/subjects?subjectPrefix=listed&deletedOnly=true')).toEqual([]);
    const { id } = (await get('/subjects/listed/versions/1')) as { id: number };
    expect(await get(`/schemas/ids/${id}?fetchMaxId=true`)).toMatchObject({ maxId: expect.any(Number) });
    expect(await get(`/schemas/ids/${id}?subject=kept`)).toMatchObject({ error_code: 40403 });
    expect(await get(`/schemas/ids/${id}/versions?subject=kept`)).toEqual([]);
    expect(await get('/v1/metadata/version')).toMatchObject({ version: expect.any(String) });
    expect(await get('/nowhere/at/all')).toEqual({ error_code: 404, message: 'HTTP 404 Not Found' });
    expect(await registry.send('PUT', '/config/listed', { compatibility: 'NONE', normalize: true })).toMatchObject({ status: 422, body: { message: expect.stringMatching(/normalize/) } });
  });

  it('says of a body of another type which it takes', async () => {
    const headers = { 'content-type': 'text/plain', authorization: `Bearer ${RegistryApp.token}` };
    const response = await fetch(`${registry.url}/subjects/plain-text/versions`, { method: 'POST', headers, body: '{}' });
    expect([response.status, await response.json()]).toEqual([415, { error_code: 415, message: expect.stringMatching(/text\/plain: send application/) }]);
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
