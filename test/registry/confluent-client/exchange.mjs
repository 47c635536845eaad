import { create, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import {
  AvroDeserializer, AvroSerializer, JsonDeserializer, JsonSerializer, ProtobufDeserializer, ProtobufSerializer,
  SchemaRegistryClient, SerdeType,
} from '@confluentinc/schemaregistry';

/** Writes and reads an order in every format through the registry at argv[2], and prints what came back as JSON. */
const [, , url, token, descriptor] = process.argv;
const order = { orderId: 'order-1', totalCents: 1250 };
const connect = (withToken) =>
  new SchemaRegistryClient({
    baseURLs: [url],
    ...(withToken ? { basicAuthCredentials: { credentialsSource: 'USER_INFO', userInfo: `shop:${token}` } } : {}),
  });

const avro = JSON.stringify({
  type: 'record', name: 'OrderPlaced', fields: [{ name: 'orderId', type: 'string' }, { name: 'totalCents', type: 'int' }],
});
const json = JSON.stringify({ type: 'object', properties: { orderId: { type: 'string' }, totalCents: { type: 'integer' } } });

async function exchange(Serializer, Deserializer, topic, schema, schemaType) {
  const writer = connect(true);
  const id = await writer.register(`${topic}-value`, { schema, schemaType });
  const bytes = await new Serializer(writer, SerdeType.VALUE, { useLatestVersion: true }).serialize(topic, order);
  const back = await new Deserializer(connect(false), SerdeType.VALUE, {}).deserialize(topic, bytes);
  return { id, framed: bytes[0] === 0 && bytes.readUInt32BE(1) === id, back: { ...back } };
}

async function exchangeProtobuf() {
  const file = fromBinary(FileDescriptorProtoSchema, Buffer.from(descriptor, 'base64'));
  const registry = createFileRegistry(file, () => undefined);
  const message = registry.getMessage('OrderPlaced');
  const serializer = new ProtobufSerializer(connect(true), SerdeType.VALUE, { autoRegisterSchemas: true });
  serializer.registry.add(message);
  const bytes = await serializer.serialize('orders-protobuf', create(message, order));
  const { orderId, totalCents } = await new ProtobufDeserializer(connect(false), SerdeType.VALUE, {}).deserialize('orders-protobuf', bytes);
  return { framed: bytes[0] === 0, back: { orderId, totalCents } };
}

async function questions() {
  const client = connect(true);
  const broken = { schema: avro.replace('totalCents', 'total'), schemaType: 'AVRO' };
  return {
    subjects: await client.getAllSubjects(),
    versions: await client.getAllVersions('orders-avro-value'),
    latest: (await client.getLatestSchemaMetadata('orders-avro-value')).version,
    level: await client.getDefaultCompatibility(),
    compatible: await client.testSubjectCompatibility('orders-avro-value', { schema: avro, schemaType: 'AVRO' }),
    broken: await client.testSubjectCompatibility('orders-avro-value', broken),
    refused: await client.register('orders-avro-value', broken).catch((error) => error.message),
    set: await client.updateCompatibility('orders-avro-value', 'FULL'),
    own: await client.getCompatibility('orders-avro-value'),
    deleted: await client.deleteSubject('orders-json-value'),
  };
}

const answers = {
  avro: await exchange(AvroSerializer, AvroDeserializer, 'orders-avro', avro, 'AVRO'),
  json: await exchange(JsonSerializer, JsonDeserializer, 'orders-json', json, 'JSON'),
  protobuf: await exchangeProtobuf(),
  questions: await questions(),
};
process.stdout.write(JSON.stringify(answers));
process.exit(0);
