import { EventingError, refuseTooLarge } from '@nestbox/messaging';
import type { OutgoingRecord } from '@nestbox/messaging';
import type { Producer, TopicMessages } from 'kafkajs';
import { createClient } from './client.js';
import { toEventingError, withDeadline } from './kafka.error.js';
import type { KafkaBrokerOptions } from './kafka.options.js';
import { requestsOf } from './produce-requests.js';

/** After this the outcome is unknown: the batch may have been appended. */
const DEADLINE_MS = 30_000;

/**
 * Publishes with acks=all through an idempotent producer. A producer is discarded after its first failure, so that its
 * records in flight are not sent again after later ones.
 */
export class KafkaProducer {
  private producer: Promise<Producer> | undefined;
  private readonly partitions = new Map<string, number>();

  constructor(
    private readonly options: KafkaBrokerOptions,
    private readonly partitionsOf: (topic: string) => Promise<number | undefined>,
  ) {}

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    refuseTooLarge(records);
    await this.learnTopics(records);
    for (const topicMessages of requestsOf(records, this.partitions)) await this.send(topicMessages);
  }

  async close(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  private async learnTopics(records: readonly OutgoingRecord[]): Promise<void> {
    let last: string | undefined;
    for (const { topic } of records) {
      if (topic === last || this.partitions.has(topic)) continue;
      last = topic;
      const partitions = await this.partitionsOf(topic);
      if (partitions === undefined) throw new EventingError('PUBLISH_REFUSED', `There is no topic ${topic} on Kafka.`);
      this.partitions.set(topic, partitions);
    }
  }

  private async send(topicMessages: TopicMessages[]): Promise<void> {
    const connecting = (this.producer ??= this.connect());
    try {
      const sent = connecting.then((producer) => producer.sendBatch({ acks: -1, timeout: DEADLINE_MS / 2, topicMessages }));
      await withDeadline(sent, DEADLINE_MS, 'Publishing to Kafka');
    } catch (error) {
      if (this.producer === connecting) this.producer = undefined;
      void connecting.then((producer) => producer.disconnect()).catch(() => undefined);
      // Looked up again: a deleted topic is then refused instead of being retried for ever.
      this.partitions.clear();
      throw toEventingError(error);
    }
  }

  private async connect(): Promise<Producer> {
    const producer = createClient({ ...this.options, requestTimeoutMs: DEADLINE_MS / 2 }).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // requestsOf has chosen the partition.
      createPartitioner: () => ({ message }) => message.partition!,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 10 },
    });
    await producer.connect();
    return producer;
  }
}
