import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import type { Admin, KafkaMessage, Message, Producer } from 'kafkajs';
import { onCluster } from './kafkajs-internals.js';
import { KafkaBroker } from './kafka.broker.js';

const require = createRequire(import.meta.url);

/** The error of a coordinator that is still loading. */
export function loading(): Error {
  return refusal('GROUP_LOAD_IN_PROGRESS', 14, 'The coordinator is loading');
}

export function refusal(type: string, code: number, message = type): Error {
  const retriable = true;
  return new kafkajs.KafkaJSProtocolError({ type, code, message, retriable } as unknown as Error);
}

type CoordinatorRequests = Record<'heartbeat' | 'joinGroup', (this: unknown, request: { groupId: string }) => Promise<unknown>>;
interface Sync {
  readonly groupId: string;
  readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
}

/** Our brokers on a real Kafka, and a plain kafkajs client that acts as a foreign application. */
export class KafkaFixture {
  readonly topic = `checkout.orders-${randomBytes(4).toString('hex')}`;
  readonly group = `email-${randomBytes(4).toString('hex')}`;
  readonly reports: string[] = [];
  private readonly kafka: InstanceType<typeof kafkajs.Kafka>;
  private readonly brokers: KafkaBroker[] = [];
  private readonly producers: Producer[] = [];
  private restore: () => void = () => undefined;

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

  /** A foreign producer of transactions. */
  async transactional(name: string): Promise<Producer> {
    const transactionalId = `${this.group}-${name}`;
    const producer = this.kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    this.producers.push(producer);
    return producer;
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

  async topicWith(value: string): Promise<string[]> {
    const broker = await this.broker();
    await broker.ensureTopics([{ name: this.topic, partitions: 1 }]);
    await broker.publish([{ topic: this.topic, key: 'order-1', value, headers: {} }]);
    return [this.topic];
  }

  /** The ids of the group's members. */
  async members(): Promise<string[]> {
    const { groups } = await this.asAdmin((admin) => admin.describeGroups([this.group]));
    return groups[0].members.map(({ memberId }) => memberId);
  }

  /** Makes the client of some consumer in this process crash for good, as when its broker is restarted. */
  async crash(): Promise<void> {
    const runner = (require('kafkajs/src/consumer/runner') as { prototype: { fetch(node: string): unknown } }).prototype;
    const { fetch } = runner;
    await new Promise<void>((resolve) => {
      runner.fetch = () => {
        runner.fetch = fetch;
        resolve();
        throw new kafkajs.KafkaJSNonRetriableError('emitted by this test');
      };
    });
  }

  /** Joins the group under a client id with this mark, and is never heard of again, as when it is killed. */
  async joinAndVanish(mark: string, topics: string[]): Promise<void> {
    const groupId = this.group;
    const client = new kafkajs.Kafka({ brokers: [...this.addresses], clientId: `shop${mark}`, logLevel: kafkajs.logLevel.NOTHING });
    const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;
    const userData = Buffer.alloc(0);
    const metadata = MemberMetadata.encode({ version: 1, topics, userData });
    await onCluster(client, groupId, async (cluster) => {
      const coordinator = await cluster.findGroupCoordinator({ groupId });
      const wish = { groupId, sessionTimeout: 30_000, rebalanceTimeout: 60_000, groupProtocols: [{ name: 'NestboxBalanced', metadata }] };
      const { memberId, generationId } = (await coordinator.joinGroup(wish)) as { memberId: string; generationId: number };
      const memberAssignment = MemberAssignment.encode({ version: 1, assignment: { [topics[0]]: [0] }, userData });
      await coordinator.syncGroup({ groupId, generationId, memberId, groupAssignment: [{ memberId, memberAssignment }] });
    });
  }

  /** Removes every member of a group: sends the leave requests in their name. */
  async expel(groupId: string): Promise<void> {
    const { groups } = await this.asAdmin((admin) => admin.describeGroups([groupId]));
    await onCluster(this.kafka, groupId, async (cluster) => {
      const coordinator = await cluster.findGroupCoordinator({ groupId });
      for (const { memberId } of groups[0].members) await coordinator.leaveGroup({ groupId, memberId });
    });
  }

  /** Answers the group's next heartbeat as a coordinator that has moved, and its next joins as one that is loading. */
  async reload(group: string, joins = 2, answer = loading): Promise<() => Promise<number>> {
    const { prototype } = require('kafkajs/src/broker') as { prototype: CoordinatorRequests };
    const { heartbeat, joinGroup } = prototype;
    let moved = false;
    let turnedAway = 0;
    prototype.heartbeat = async function disown(request) {
      if (request.groupId !== group || moved) return heartbeat.call(this, request);
      moved = true;
      throw refusal('NOT_COORDINATOR_FOR_GROUP', 16);
    };
    prototype.joinGroup = async function turnAway(request) {
      if (request.groupId !== group || !moved || turnedAway === joins) return joinGroup.call(this, request);
      turnedAway += 1;
      throw answer();
    };
    this.restore = () => Object.assign(prototype, { heartbeat, joinGroup });
    return async () => turnedAway;
  }

  /** Lets the group's leader assign nothing to anybody, once. Returns how often it has. */
  starve(group: string): () => number {
    const { prototype } = require('kafkajs/src/broker') as { prototype: { syncGroup(request: Sync): Promise<unknown> } };
    const { syncGroup } = prototype;
    let starved = 0;
    this.restore = () => Object.assign(prototype, { syncGroup });
    prototype.syncGroup = async function starve(request) {
      if (request.groupId !== group || starved > 0) return syncGroup.call(this, request);
      starved += 1;
      const memberAssignment = kafkajs.AssignerProtocol.MemberAssignment.encode({ version: 1, assignment: {}, userData: Buffer.alloc(0) });
      return syncGroup.call(this, { ...request, groupAssignment: request.groupAssignment.map(({ memberId }) => ({ memberId, memberAssignment })) });
    };
    return () => starved;
  }

  async close(): Promise<void> {
    this.restore();
    await Promise.all([...this.brokers.map((broker) => broker.close()), ...this.producers.map((producer) => producer.disconnect())]);
  }
}
