import { RegistryApp } from '../support/registry-app.js';

const string = { schema: '{"type": "string"}' };
const kafkaValue = (version: number) => ({ subject: 'Kafka-value', version, id: 1, schema: '"string"' });

/** The calls of "Schema Registry API Usage Examples" in Confluent's documentation, in its order, and what it says they answer. */
const examples: [what: string, method: string, path: string, body: object | undefined, answer: unknown][] = [
  ['Register a new version of a schema under the subject "Kafka-key"', 'POST', '/subjects/Kafka-key/versions', string, { id: 1 }],
  ['Register a new version of a schema under the subject "Kafka-value"', 'POST', '/subjects/Kafka-value/versions', string, { id: 1 }],
  ['List all subjects', 'GET', '/subjects', undefined, ['Kafka-key', 'Kafka-value']],
  ['Fetch a schema by globally unique ID 1', 'GET', '/schemas/ids/1', undefined, { schema: '"string"' }],
  ['List the types that are there', 'GET', '/schemas/types', undefined, expect.arrayContaining(['JSON', 'PROTOBUF', 'AVRO'])],
  ['List all schema versions registered under the subject', 'GET', '/subjects/Kafka-value/versions', undefined, [1]],
  ['Fetch version 1 of the schema registered under subject', 'GET', '/subjects/Kafka-value/versions/1', undefined, kafkaValue(1)],
  ['Delete version 1 of the schema registered under subject', 'DELETE', '/subjects/Kafka-value/versions/1', undefined, 1],
  ['Register the same schema under the subject', 'POST', '/subjects/Kafka-value/versions', string, { id: 1 }],
  ['Delete the most recently registered schema', 'DELETE', '/subjects/Kafka-value/versions/latest', undefined, 2],
  ['Register the same schema under the subject again', 'POST', '/subjects/Kafka-value/versions', string, { id: 1 }],
  ['Fetch the schema again by globally unique ID 1', 'GET', '/schemas/ids/1', undefined, { schema: '"string"' }],
  ['Check whether a schema is registered under the subject', 'POST', '/subjects/Kafka-key', string, { ...kafkaValue(1), subject: 'Kafka-key' }],
  ['Test compatibility with the latest schema', 'POST', '/compatibility/subjects/Kafka-value/versions/latest', string, { is_compatible: true }],
  ['Get the top level config', 'GET', '/config', undefined, { compatibilityLevel: 'BACKWARD' }],
  ['Update compatibility requirements globally', 'PUT', '/config', { compatibility: 'NONE' }, { compatibility: 'NONE' }],
  ['Update compatibility under the subject', 'PUT', '/config/Kafka-value', { compatibility: 'BACKWARD' }, { compatibility: 'BACKWARD' }],
  ['Delete compatibility under the subject', 'DELETE', '/config/Kafka-value', undefined, expect.anything()],
  ['Delete all schema versions under the subject', 'DELETE', '/subjects/Kafka-value', undefined, [3]],
  ['List what is left', 'GET', '/subjects', undefined, ['Kafka-key']],
  ['List what is left and what was deleted', 'GET', '/subjects?deleted=true', undefined, ['Kafka-key', 'Kafka-value']],
  ['Fetch the mode', 'GET', '/mode', undefined, { mode: 'READWRITE' }],
];

describe('Confluent’s documented examples', () => {
  let registry: RegistryApp;

  beforeAll(async () => {
    registry = await RegistryApp.start();
  });
  afterAll(() => registry.stop());

  it.each(examples)('%s', async (_what, method, path, body, answer) => {
    expect((await registry.send(method, path, body)).body).toEqual(answer);
  });
});
