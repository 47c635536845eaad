import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { Admin, KafkaMessage, Message } from 'kafkajs';
import { onCluster } from './kafkajs-internals.js';
import { KafkaBroker } from './kafka.broker.js';

/** The error of a coordinator that is still loading. */
export function loading(): Error {
  const fault = { type: 'GROUP_LOAD_IN_PROGRESS', code: 14, message: 'The coordinator is loading' };
  return new kafkajs.KafkaJSProtocolError(fault as unknown as Error);
}

/** Our brokers on a real Kafka, and a plain kafkajs client that acts as a foreign application. */
export class KafkaFixture {
  readonly topic = `checkout.orders-${randomBytes(4).toString('hex')}`;
  readonly group = `email-${randomBytes(4).toString('hex')}`;
  readonly reports: string[] = [];
  private readonly kafka: InstanceType<typeof kafkajs.Kafka>;
  private readonly brokers: KafkaBroker[] = [];

  constructor(private readonly addresses: readonly string[]) {
    this.kafka = new kafkajs.Kafka({ brokers: [...addresses], logLevel: kafkajs.logLevel.NOTHING });
  }

  async broker(addresses = this.addresses): Promise<KafkaBroker> {
    const broker = new KafkaBroker({ brokers: addresses, clientId: 'shop', log: (line) => this.reports.push(line) });
    this.brokers.push(broker);
    return broker;
  }

  async sendAsForeigner(messages: Message[], compression = kafkajs.CompressionTypes.None): Promise<void> {
    const producer = this.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic: this.topic, messages, compression });
    await producer.disconnect();
  }

  /** The topic's first record, as another user of kafkajs in this process gets it. */
  async readAsForeigner(): Promise<KafkaMessage> {
    const consumer = this.kafka.consumer({ groupId: `${this.group}-foreign` });
    await consumer.connect();
    await consumer.subscribe({ topics: [this.topic], fromBeginning: true });
    try {
      return await new Promise((resolve) => consumer.run({ eachMessage: async ({ message }) => resolve(message) }));
    } finally {
      await consumer.disconnect();
    }
  }

  async asAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /** Removes every member of a group: sends the leave requests in their name. */
  async expel(groupId: string): Promise<void> {
    const { groups } = await this.asAdmin((admin) => admin.describeGroups([groupId]));
    await onCluster(this.kafka, groupId, async (cluster) => {
      const coordinator = await cluster.findGroupCoordinator({ groupId });
      for (const { memberId } of groups[0].members) await coordinator.leaveGroup({ groupId, memberId });
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.close()));
  }
}
