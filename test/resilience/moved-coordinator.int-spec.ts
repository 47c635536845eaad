import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createBroker } from '@nestbox/eventing';
import type { Broker } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { describeOnKafka } from '../support/brokers.js';
import { OwnKafka } from '../support/own-kafka.js';
import { tools } from '../support/tools.js';

const OFFSETS = '__consumer_offsets';
const topic = 'checkout.orders';
const group = 'email';
const patiently = { timeoutMs: 60_000 };

describeOnKafka('a group whose coordinator really moves', () => {
  const nodes: OwnKafka[] = [];
  let removeHome: () => void;
  let admin: Admin;
  let broker: Broker;

  beforeAll(async () => {
    const { home, remove } = await (await tools()).temporaryHome();
    removeHome = remove;
    const first = await OwnKafka.start(join(home, 'first'));
    nodes.push(first, await first.addNode(join(home, 'second')));
    const brokers = nodes.map((node) => node.brokers);
    admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    broker = await createBroker({ kind: 'kafka', brokers, sessionTimeoutMs: 6_000 }, 'shop');
  }, 180_000);
  afterAll(async () => {
    await broker?.close();
    await admin?.disconnect();
    await Promise.all(nodes.map((node) => node.stop()));
    removeHome();
  }, 60_000);

  /** Who leads each partition of the topic that keeps what groups have committed: the coordinators. */
  async function coordinators(): Promise<number[]> {
    const { topics } = await admin.fetchTopicMetadata({ topics: [OFFSETS] });
    return topics[0]!.partitions.map(({ leader }) => leader);
  }

  /** Returns the coordinators that there are then, as the broker tells that was asked. */
  async function moveTo(node: number): Promise<number[]> {
    const partitionAssignment = (await coordinators()).map((_, partition) => ({ partition, replicas: [node] }));
    await admin.alterPartitionReassignments({ topics: [{ topic: OFFSETS, partitionAssignment }] });
    return eventually(async () => {
      const leaders = [...new Set(await coordinators())];
      expect(leaders).toEqual([node]);
      return leaders;
    }, patiently);
  }

  it('reads on from where it was, there and back again, under traffic', async () => {
    await broker.ensureTopics([{ name: topic, partitions: 2 }]);
    const seen: string[] = [];
    const subscription = await broker.subscribe({
      group,
      topics: [topic],
      handler: async ({ records }, control) => {
        seen.push(...records.map(({ value }) => String(value)));
        await control.commit((BigInt(records.at(-1)!.offset) + 1n).toString());
      },
    });
    await eventually(() => expect(subscription.assigned()).toHaveLength(2), patiently);
    const sent: string[] = [];
    let going = true;
    const traffic = (async () => {
      while (going) {
        const value = String(sent.length);
        await broker.publish([{ topic, key: `order-${sent.length % 7}`, value, headers: {} }]);
        sent.push(value);
        await pause(20);
      }
    })();
    const moves: number[][] = [];
    for (const node of [2, 1]) {
      moves.push(await moveTo(node));
      const { length } = seen;
      await eventually(() => expect(seen.length).toBeGreaterThan(length + 50), patiently);
      await eventually(() => expect(subscription.problem()).toBeUndefined(), patiently);
    }
    going = false;
    await traffic;
    await eventually(async () => expect((await broker.lag(group, [topic])).map(({ lag }) => lag)).toEqual([0, 0]), patiently);

    expect(moves).toEqual([[2], [1]]);
    expect(new Set(seen)).toEqual(new Set(sent));
    for (let key = 0; key < 7; key++) {
      const ofKey = [...new Set(seen.map(Number))].filter((n) => n % 7 === key);
      expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
    }
  }, 180_000);
});
