import { Kafka, logLevel } from 'kafkajs';
import type { EachBatchPayload, Message } from 'kafkajs';
import { kafkaBrokers } from './setting.js';

const kafka = new Kafka({ clientId: 'bench', brokers: kafkaBrokers, logLevel: logLevel.NOTHING });
const PARTITIONS = 6;

export async function createTopic(topic: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  await admin.disconnect();
}

export async function deleteTopic(topic: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [topic] });
  while ((await admin.listTopics()).includes(topic)) await new Promise((resolve) => setTimeout(resolve, 50));
  await admin.disconnect();
}

/** Records per second of a producer as anyone would write it: batches of 2000, acks from all, one at a time. */
export async function rawProduce(topic: string, messages: readonly Message[]): Promise<number> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: messages.slice(0, 1) });
  const started = performance.now();
  for (let at = 0; at < messages.length; at += 2_000) {
    await producer.send({ topic, acks: -1, messages: messages.slice(at, at + 2_000) });
  }
  const seconds = (performance.now() - started) / 1000;
  await producer.disconnect();
  return messages.length / seconds;
}

/** Runs a consumer over the whole topic; resolves with records per second from the first batch to the `count`-th record. */
export async function rawConsume(
  topic: string,
  count: number,
  handle: (payload: EachBatchPayload) => Promise<void> = async () => undefined,
): Promise<number> {
  const consumer = kafka.consumer({ groupId: `raw-${process.pid}-${performance.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let startedAt = 0;
  let seen = 0;
  const rate = await new Promise<number>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        partitionsConsumedConcurrently: 4,
        eachBatch: async (payload) => {
          startedAt ||= performance.now();
          await handle(payload);
          seen += payload.batch.messages.length;
          const { offset } = payload.batch.messages[payload.batch.messages.length - 1]!;
          const next = (BigInt(offset) + 1n).toString();
          await consumer.commitOffsets([{ topic, partition: payload.batch.partition, offset: next }]);
          if (seen >= count) resolve((1000 * seen) / (performance.now() - startedAt));
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return rate;
}
