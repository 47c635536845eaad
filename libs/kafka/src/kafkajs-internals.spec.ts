import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import kafkajs from 'kafkajs';
import type { Batch, Cluster } from 'kafkajs';
import { patchClient } from './client-patches.js';
import { groupProtocol } from './group-protocol.js';
import { fetchedOffsetOf, hasKnownInternals, internalsOf, kafkajsVersion, readingClusterOf } from './kafkajs-internals.js';

const require = createRequire(import.meta.url);
const LATER = '2.3.0';
const client = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING });

describe('the internals of kafkajs', () => {
  it('are known for the version that is installed', () => {
    expect(hasKnownInternals(kafkajsVersion)).toBe(true);
    expect(readingClusterOf(client)).toMatchObject({ findBroker: expect.any(Function), findLeaderForPartitions: expect.any(Function) });
  });

  it('have all the methods that a consumer needs', () => {
    const hooks = { beforeJoin: async () => undefined, beforeReset: () => undefined, onCluster: (cluster: object) => void (seen = cluster), member: { id: '' } };
    let seen: object | undefined;
    client.consumer({ groupId: 'email', partitionAssigners: [groupProtocol(hooks)] });
    const methods = ['findGroupCoordinator', 'addMultipleTargetTopics', 'defaultOffset', 'committedOffsets', 'findTopicPartitionMetadata'];
    expect(seen).toMatchObject(Object.fromEntries(methods.map((name) => [name, expect.any(Function)])));
  });

  it('tell the offset that a fetch asked for', () => {
    const BatchOfKafkajs = require('kafkajs/src/consumer/batch') as new (...values: unknown[]) => Batch;
    const batch = new BatchOfKafkajs('checkout.orders', '7', { partition: 0, highWatermark: '9', messages: [] });
    expect(fetchedOffsetOf(batch)).toBe('7');
  });

  it('are left alone in a version that is not known', () => {
    const queue = require('kafkajs/src/network/requestQueue') as { prototype: { scheduleCheckPendingRequests: unknown } };
    const before = queue.prototype.scheduleCheckPendingRequests;
    const warnings: string[] = [];
    patchClient((message) => warnings.push(message), LATER);
    expect(queue.prototype.scheduleCheckPendingRequests).toBe(before);
    expect(warnings).toEqual(['kafkajs 2.3.0 is not the version that the patches were made for: it runs without them.']);
    expect(readingClusterOf(client, LATER)).toBeUndefined();
  });

  it('are not loaded with the lib: another version may not have those files', () => {
    const here = dirname(fileURLToPath(import.meta.url));
    const sources = readdirSync(here).filter((file) => !/spec|fixture/.test(file));
    const atLoad = sources.flatMap((file) => readFileSync(join(here, file), 'utf8').split('\n').filter((line) => /^\S.*kafkajs\/src\//.test(line)));
    expect(atLoad).toEqual([]);
    const places = sources.filter((file) => readFileSync(join(here, file), 'utf8').includes("'kafkajs/src/"));
    expect(places).toEqual(['client-patches.ts', 'kafkajs-internals.ts']);
  });

  it('are needed for consuming, which an unknown version is refused', () => {
    expect(() => internalsOf({} as Cluster, LATER)).toThrow('kafkajs 2.3.0 is installed; consuming needs 2.2.4: install that version.');
  });
});
