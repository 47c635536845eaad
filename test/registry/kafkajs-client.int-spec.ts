import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { RegistryApp } from '../support/registry-app.js';

const avro = JSON.stringify({
  type: 'record', name: 'OrderPlaced', namespace: 'shop',
  fields: [{ name: 'orderId', type: 'string' }, { name: 'totalCents', type: 'long' }],
});
const json = JSON.stringify({
  type: 'object', properties: { orderId: { type: 'string' }, totalCents: { type: 'integer' } }, required: ['orderId'],
});
const proto = 'syntax = "proto3";\npackage shop;\nmessage OrderPlaced {\n  string orderId = 1;\n  int32 totalCents = 2;\n}\n';
const order = { orderId: 'order-1', totalCents: 1250 };

describe('the client of kafkajs against the registry', () => {
  let registry: RegistryApp;
  let client: SchemaRegistry;

  beforeAll(async () => {
    registry = await RegistryApp.start();
    const auth = { username: 'shop', password: RegistryApp.token };
    client = new SchemaRegistry({ host: registry.url, auth });
  });
  afterAll(() => registry.stop());

  it.each([
    [SchemaType.AVRO, avro],
    [SchemaType.JSON, json],
    [SchemaType.PROTOBUF, proto],
  ])('registers, writes and reads %s', async (type, schema) => {
    const { id } = await client.register({ type, schema } as never, { subject: `orders-${type}` });
    const bytes = await client.encode(id, order);
    expect(bytes.readUInt8(0)).toBe(0);
    expect(bytes.readUInt32BE(1)).toBe(id);
    // Another client, which has to ask what the id means.
    const reader = new SchemaRegistry({ host: registry.url });
    expect({ ...((await reader.decode(bytes)) as object) }).toEqual(order);
    expect(await reader.getLatestSchemaId(`orders-${type}`)).toBe(id);
    expect(await reader.getRegistryId(`orders-${type}`, 1)).toBe(id);
    const found = await reader.getRegistryIdBySchema(`orders-${type}`, { type, schema } as never);
    expect(found).toBe(id);
  });

  it('is told of a schema that breaks the level', async () => {
    const broken = avro.replace('"totalCents"', '"total"');
    await expect(client.register({ type: SchemaType.AVRO, schema: broken }, { subject: 'orders-AVRO' })).rejects.toThrow(/incompatible/i);
  });

  it('is refused without the token', async () => {
    const stranger = new SchemaRegistry({ host: registry.url });
    await expect(stranger.register({ type: SchemaType.AVRO, schema: avro }, { subject: 'strange' })).rejects.toThrow(/Unauthorized/);
  });
});
