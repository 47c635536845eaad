import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { eventually } from '@nestbox/kernel/testing';
import kafkajs from 'kafkajs';
import { Ledger } from '../../messaging/src/testing/contract/ledger.js';
import { KafkaFixture, loading } from './kafka.fixture.js';

const addresses = process.env.KAFKA_BROKERS?.split(',') ?? [];
const describeOnKafka = addresses.length > 0 ? describe : describe.skip;
const patiently = { timeoutMs: 30_000 };

describeOnKafka('Kafka', () => {
  let kafka: KafkaFixture;

  beforeEach(() => {
    kafka = new KafkaFixture(addresses);
  });
  afterEach(() => kafka.close());

  it('delivers what foreigners write: no key, no value, repeated headers', async () => {
    const broker = await kafka.broker();
    const ledger = new Ledger();
    await broker.ensureTopics([{ name: kafka.topic, partitions: 1 }]);
    await kafka.sendAsForeigner([
      { key: null, value: null },
      { key: 'order-1', value: Buffer.from([0, 255]), headers: { shop: ['north', 'south'], bytes: Buffer.from('ä') } },
    ]);
    await broker.subscribe({ group: kafka.group, topics: [kafka.topic], handler: ledger.keep() });
    await eventually(() => expect(ledger.records).toHaveLength(2), patiently);
    expect(ledger.records[0]).toMatchObject({ key: null, value: null, headers: {} });
    expect(ledger.records[1]).toMatchObject({ value: Buffer.from([0, 255]), headers: { shop: 'south', bytes: 'ä' } });
  });

  it('leaves other consumers in this process the headers that kafkajs gives them: to look up, to list, to copy, to change', async () => {
    const broker = await kafka.broker();
    await broker.ensureTopics([{ name: kafka.topic, partitions: 1 }]);
    await kafka.sendAsForeigner([{ key: 'order-1', value: 'x', headers: { shop: ['north', 'south'], ce_type: 'checkout.OrderPlaced.v1' } }]);
    const { headers } = await kafka.readAsForeigner();
    const expected = { shop: [Buffer.from('north'), Buffer.from('south')], ce_type: Buffer.from('checkout.OrderPlaced.v1') };
    expect(headers).toEqual(expected);
    expect({ ...headers }).toEqual(expected);
    expect(Object.keys(headers!)).toEqual(['shop', 'ce_type']);
    headers!.ce_type = Buffer.from('changed');
    expect([String(headers!.ce_type), 'shop' in headers!, headers!.absent]).toEqual(['changed', true, undefined]);
  });

  it('refuses to read on where the log no longer holds what the group wants, and serves the other partitions', async () => {
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    await broker.ensureTopics([{ name: topic, partitions: 2 }]);
    const orders = Array.from({ length: 20 }, (_, i) => ({ topic, key: `order-${i}`, value: `${i}`, headers: {} }));
    await broker.publish(orders);
    const first = await broker.subscribe({ group, topics: [topic], handler: new Ledger().keep() });
    await eventually(async () => expect((await broker.lag(group, [topic])).every(({ lag }) => lag === 0)).toBe(true), patiently);
    await first.stop();
    await broker.publish(orders);
    const [{ end, committed }] = await broker.lag(group, [topic]);
    await kafka.asAdmin(async (admin) => {
      // kafkajs deletes records only of partitions whose leaders it knows already.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: end }] });
    });
    const ledger = new Ledger();
    const second = await broker.subscribe({ group, topics: [topic], handler: ledger.keep() });
    await eventually(() => expect(second.problem()).toMatch(/\[0\] does not hold the offset .* would skip records unseen/), patiently);
    await eventually(async () => expect((await broker.lag(group, [topic]))[1].lag).toBe(0), patiently);
    expect(new Set(ledger.records.map(({ partition }) => partition))).toEqual(new Set([1]));
    expect((await broker.lag(group, [topic]))[0].committed).toBe(committed);
  });

  it('starts while Kafka is away: says so, rejects what is published, keeps trying', async () => {
    const broker = await kafka.broker([`127.0.0.1:${await closedPort()}`]);
    await broker.connect();
    const subscription = await broker.subscribe({ group: kafka.group, topics: [kafka.topic], handler: new Ledger().keep() });
    await eventually(() => expect(subscription.problem()).toMatch(/is being joined anew after/), patiently);
    expect(await broker.problem()).toMatch(/does not answer/);
    const order = { topic: kafka.topic, key: 'order-1', value: '1', headers: {} };
    await expect(broker.publish([order])).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(kafka.reports[0]).toMatch(/is being joined anew after/);
    await subscription.stop();
  });

  it('joins anew until the topic is there', async () => {
    const broker = await kafka.broker();
    const ledger = new Ledger();
    const subscription = await broker.subscribe({ group: kafka.group, topics: [kafka.topic], handler: ledger.keep() });
    await eventually(() => expect(subscription.problem()).toMatch(/is being joined anew/), patiently);
    await broker.ensureTopics([{ name: kafka.topic, partitions: 1 }]);
    await broker.publish([{ topic: kafka.topic, key: 'order-1', value: '1', headers: {} }]);
    await eventually(() => expect(ledger.values()).toEqual(['1']), patiently);
    expect(subscription.problem()).toBeUndefined();
  });

  it('splits a publish that no record batch could hold, and keeps the order of each key', async () => {
    const broker = await kafka.broker();
    const ledger = new Ledger();
    const { topic } = kafka;
    await broker.ensureTopics([{ name: topic, partitions: 1 }]);
    const value = (i: number) => `${i} ${'.'.repeat(1_000)}`;
    await broker.publish(Array.from({ length: 3_000 }, (_, i) => ({ topic, key: `order-${i % 7}`, value: value(i), headers: {} })));
    await broker.subscribe({ group: kafka.group, topics: [topic], handler: ledger.keep() });
    await eventually(() => expect(ledger.records).toHaveLength(3_000), patiently);
    expect(ledger.values()).toEqual(Array.from({ length: 3_000 }, (_, i) => value(i)));
  });

  it('joins anew after a crash that kafkajs does not recover from, is in trouble until then, and loses nothing', async () => {
    const broker = await kafka.broker();
    const ledger = new Ledger();
    const { topic, group } = kafka;
    await broker.ensureTopics([{ name: topic, partitions: 1 }]);
    const subscription = await broker.subscribe({ group, topics: [topic], handler: ledger.keep() });
    await broker.publish([{ topic, key: 'order-1', value: '1', headers: {} }]);
    await eventually(() => expect(ledger.values()).toEqual(['1']), patiently);

    const runner = createRequire(import.meta.url)('kafkajs/src/consumer/runner') as { prototype: { fetch(node: string): unknown } };
    const { fetch } = runner.prototype;
    let crashes = 0;
    runner.prototype.fetch = () => {
      crashes += 1;
      runner.prototype.fetch = fetch;
      throw new kafkajs.KafkaJSNonRetriableError('emitted by this test');
    };
    await eventually(() => expect(subscription.problem()).toMatch(/is being joined anew after: emitted by this test/), patiently);
    await broker.publish([{ topic, key: 'order-1', value: '2', headers: {} }]);
    await eventually(() => expect(ledger.values()).toEqual(['1', '2']), patiently);
    await eventually(() => expect(subscription.problem()).toBeUndefined(), patiently);
    expect(crashes).toBe(1);
  });

  it.each([[2, 0], [6, 1]])('joins in the end a group whose coordinator is not there at %i tries, and reports %i times', async (tries, reports) => {
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    await broker.ensureTopics([{ name: topic, partitions: 1 }]);
    const consumers = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup') as { prototype: { joinAndSync(): Promise<void> } };
    const { joinAndSync } = consumers.prototype;
    let failed = 0;
    consumers.prototype.joinAndSync = function join() {
      if (failed === tries) return joinAndSync.call(this);
      failed += 1;
      return Promise.reject(loading());
    };
    try {
      const subscription = await broker.subscribe({ group, topics: [topic], handler: new Ledger().keep() });
      await eventually(() => expect(subscription.problem()).toMatch(/is being joined anew after: The coordinator is loading/), patiently);
      await eventually(() => expect(subscription.problem()).toBeUndefined(), patiently);
    } finally {
      consumers.prototype.joinAndSync = joinAndSync;
    }
    expect([failed, kafka.reports.length]).toEqual([tries, reports]);
  });

  it('keeps the membership while a handler takes longer than the session', async () => {
    const broker = await kafka.broker();
    const { topic, group } = kafka;
    await broker.ensureTopics([{ name: topic, partitions: 1 }]);
    await broker.publish([{ topic, key: 'order-1', value: '1', headers: {} }]);
    const ledger = new Ledger();
    const keep = ledger.keep();
    const owned: boolean[] = [];
    const begun = performance.now();
    await broker.subscribe({
      group, topics: [topic], sessionTimeoutMs: 1_500,
      handler: async (batch, control) => {
        await eventually(() => expect(performance.now() - begun).toBeGreaterThan(6_000), patiently);
        owned.push(control.isOwned());
        await keep(batch, control);
      },
    });
    await eventually(async () => expect((await broker.lag(group, [topic]))[0].committed).toBe('1'), patiently);
    expect([owned, ledger.values()]).toEqual([[true], ['1']]);
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
