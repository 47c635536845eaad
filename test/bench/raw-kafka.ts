import { Kafka, logLevel } from 'kafkajs';
import type { Message } from 'kafkajs';
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
