import { eventually } from '@nestbox/kernel/testing';
import type { BrokerRecord } from '../../broker/broker.js';
import { partitionOf } from '../../broker/partitioner.js';
import type { Scene } from './harness.js';
import { Ledger } from './ledger.js';

export function describePublishing(scene: () => Scene): void {
  describe('publishing', () => {
    it('carries keys, values and headers byte for byte', async () => {
      const broker = await scene().shop(1);
      const ledger = new Ledger();
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      await broker.publish([
        scene().order('bestellung-ä-😀', bytes, { ce_type: 'checkout.OrderPlaced.v1', note: 'Grüße,\r\n"so"\\ \u0000 😀' }),
        scene().order('order-2', '{"text":"Grüße \\u0000 😀"}'),
        scene().order('order-3', Buffer.alloc(0), { empty: '' }),
      ]);
      await scene().subscribe(broker, { group: scene().group('email'), handler: ledger.keep() });
      await eventually(() => expect(ledger.records).toHaveLength(3));
      const [first, second, third] = ledger.records;
      expect(first.key).toEqual(Buffer.from('bestellung-ä-😀'));
      expect(first.value).toEqual(bytes);
      expect(first.headers).toEqual({ ce_type: 'checkout.OrderPlaced.v1', note: 'Grüße,\r\n"so"\\ \u0000 😀' });
      expect(second.value).toEqual(Buffer.from('{"text":"Grüße \\u0000 😀"}'));
      expect(second.headers).toEqual({});
      expect(third.value).toEqual(Buffer.alloc(0));
      expect(third.headers).toEqual({ empty: '' });
      expect(Math.abs(first.timestamp - Date.now())).toBeLessThan(60_000);
    });

    it('puts each key where the Java partitioner would, its records in the order of the batch', async () => {
      const broker = await scene().shop(6);
      const ledger = new Ledger();
      const keys = Array.from({ length: 20 }, (_, i) => `order-${i}`);
      await broker.publish([1, 2, 3].flatMap((version) => keys.map((key) => scene().order(key, `${version}`))));
      await broker.publish(keys.map((key) => scene().order(key, '4')));
      await scene().subscribe(broker, { group: scene().group('search'), handler: ledger.keep() });
      await eventually(() => expect(ledger.records).toHaveLength(80));
      for (const key of keys) expect(ledger.of(key)).toEqual(['1', '2', '3', '4']);
      for (const { key, partition } of ledger.records) expect(partition).toBe(partitionOf(key!, 6));
    });

    it('is read from anywhere up to now by people, whom no group knows of', async () => {
      const broker = await scene().shop(2);
      const group = scene().group('search');
      const keys = Array.from({ length: 10 }, (_, i) => `order-${i}`);
      await broker.publish([1, 2, 3].flatMap((version) => keys.map((key) => scene().order(key, `${version}`))));
      const topic = scene().order('order-1', '').topic;
      const ledger = new Ledger();
      const take = (records: readonly BrokerRecord[]) => void ledger.records.push(...records);
      await broker.read([{ topic, partition: 0, from: '3' }, { topic, partition: 1, from: '0' }], take);
      const offsets = (partition: number) => ledger.records.filter((record) => record.partition === partition).map(({ offset }) => Number(offset));
      const ends = (await broker.bounds([topic])).map(({ end }) => Number(end));
      expect(offsets(0)).toEqual(Array.from({ length: ends[0]! - 3 }, (_, n) => n + 3));
      expect(offsets(1)).toEqual(Array.from({ length: ends[1]! }, (_, n) => n));
      await broker.read(ends.map((end, partition) => ({ topic, partition, from: String(end) })), () => expect('nothing').toBe('there'));
      await eventually(async () => expect((await broker.lag(group, [topic])).map(({ committed }) => committed)).toEqual([null, null]));
    });

    it('puts a record where it says it stood, whatever its key', async () => {
      const broker = await scene().shop(3);
      const ledger = new Ledger();
      await broker.publish([0, 1, 2].map((partition) => ({ ...scene().order('order-1', `${partition}`), partition })));
      await scene().subscribe(broker, { group: scene().group('search'), handler: ledger.keep() });
      await eventually(() => expect(ledger.records).toHaveLength(3));
      for (const { partition, value } of ledger.records) expect(String(value)).toBe(`${partition}`);
    });

    it('keeps offsets contiguous while many publish at once', async () => {
      const broker = await scene().shop(3);
      const other = await scene().broker();
      const ledger = new Ledger();
      const batches = Array.from({ length: 20 }, (_, batch) =>
        Array.from({ length: 25 }, (_, i) => scene().order(`order-${batch}-${i % 5}`, `${i}`)));
      await Promise.all(batches.map((batch, i) => (i % 2 ? broker : other).publish(batch)));
      await scene().subscribe(broker, { group: scene().group('analytics'), handler: ledger.keep() });
      await eventually(() => expect(ledger.records).toHaveLength(500));
      for (const partition of [0, 1, 2]) {
        const offsets = ledger.records.filter((record) => record.partition === partition).map(({ offset }) => Number(offset));
        expect(offsets).toEqual(offsets.map((_, i) => i));
      }
      for (const key of new Set(ledger.records.map((record) => String(record.key)))) {
        const versions = ledger.of(key).map(Number);
        expect({ key, versions }).toEqual({ key, versions: [...versions].sort((a, b) => a - b) });
      }
    });

    it('takes a batch that is larger than a record may be', async () => {
      const broker = await scene().shop(1);
      const ledger = new Ledger();
      await broker.publish(Array.from({ length: 40 }, (_, i) => scene().order('order-1', `${i} ${'.'.repeat(100_000)}`)));
      await scene().subscribe(broker, { group: scene().group('search'), handler: ledger.keep() });
      await eventually(() => expect(ledger.records).toHaveLength(40));
      expect(ledger.values().map((value) => parseInt(value, 10))).toEqual(Array.from({ length: 40 }, (_, i) => i));
    });

    it('refuses a record for a topic that does not exist', async () => {
      const broker = await scene().broker();
      await expect(broker.publish([scene().order('order-1', '{}')])).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' });
    });

    it('refuses a record that is too large, and works on', async () => {
      const broker = await scene().shop(1);
      const huge = scene().order('order-1', Buffer.alloc(1024 * 1024 + 1));
      await expect(broker.publish([huge])).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' });
      await broker.publish([scene().order('order-1', '{}')]);
      expect(await scene().lag(broker, scene().group('email'))).toMatchObject({ end: '1' });
    });

    it('leaves a topic as it is when asked for it again, and refuses another number of partitions', async () => {
      const broker = await scene().shop(2);
      await broker.ensureTopics([{ name: scene().orders, partitions: 2 }]);
      await expect(broker.ensureTopics([{ name: scene().orders, partitions: 3 }])).rejects.toMatchObject({
        code: 'TOPIC_PARTITIONS_CHANGED',
      });
    });

    it('refuses a topic that keeps its records otherwise, or for a shorter time', async () => {
      const broker = await scene().shop(2);
      const differing = [{ cleanup: 'compact' as const }, { retentionMs: 400 * 24 * 60 * 60 * 1000 }];
      for (const difference of differing) {
        const asked = broker.ensureTopics([{ name: scene().orders, partitions: 2, ...difference }]);
        await expect(asked).rejects.toMatchObject({ code: 'TOPIC_DRIFTED' });
      }
      await broker.ensureTopics([{ name: scene().orders, partitions: 2, retentionMs: 60_000 }]);
    });

    it('carries tombstones to a compacted topic', async () => {
      const broker = await scene().broker();
      const ledger = new Ledger();
      const topic = { name: scene().orders, partitions: 1, cleanup: 'compact' as const };
      await broker.ensureTopics([topic]);
      await broker.ensureTopics([topic]);
      await broker.publish(['{}', null, '{}'].map((value) => scene().order('order-1', value)));
      await scene().subscribe(broker, { group: scene().group('search'), handler: ledger.keep() });
      await eventually(() => expect(ledger.records).toHaveLength(3));
      expect(ledger.records.map(({ value }) => value?.toString() ?? null)).toEqual(['{}', null, '{}']);
    });

    it('says that nothing is wrong while the broker answers', async () => {
      const broker = await scene().shop(1);
      expect(await broker.problem()).toBeUndefined();
    });
  });
}
