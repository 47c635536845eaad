import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerRecord } from '@nestbox/messaging';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { exportTopic } from './export-topic.js';
import { importTopic } from './import-topic.js';

const topic = { name: 'checkout.orders', partitions: 3 };

describe('an archive of a topic', () => {
  let folder: string;
  let broker: InMemoryBroker;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'archive-')), 'orders');
    broker = new InMemoryBroker();
    await broker.ensureTopics([topic]);
    const records = Array.from({ length: 1_200 }, (_, n) => ({
      topic: topic.name, key: `order-${n % 40}`, value: n % 100 === 99 ? null : Buffer.from([n % 256, 10, 255]), headers: { n: `${n}\n` },
    }));
    await broker.publish(records);
  });
  afterEach(async () => {
    await broker.close();
    await rm(join(folder, '..'), { recursive: true });
  });

  const content = ({ log }: InMemoryBroker) =>
    log.topic(topic.name)!.map(({ records }) => records.map(({ offset, key, value, headers }: BrokerRecord) => ({ offset, key, value, n: headers.n })));

  it('comes back byte for byte, each record where it stood, on a broker that has nothing yet', async () => {
    const manifest = await exportTopic(broker, topic.name, folder);
    expect(manifest.files.reduce((sum, { records }) => sum + records, 0)).toBe(1_200);
    const other = new InMemoryBroker();
    await other.ensureTopics([topic]);
    await importTopic(other, folder);
    expect(content(other)).toEqual(content(broker));
  });

  it('is refused when a byte of it has changed, and nothing is published', async () => {
    await exportTopic(broker, topic.name, folder);
    await appendFile(join(folder, '1.ndjson.gz'), ' ');
    const other = new InMemoryBroker();
    await other.ensureTopics([topic]);
    await expect(importTopic(other, folder)).rejects.toThrow('1.ndjson.gz of the archive is not as it was written');
    expect(content(other).flat()).toEqual([]);
  });

  it('is refused where there is something already, or where keys would change places, and written only once', async () => {
    await exportTopic(broker, topic.name, folder);
    await expect(importTopic(broker, folder)).rejects.toThrow('is not empty');
    await broker.ensureTopics([{ name: 'checkout.others', partitions: 2 }]);
    await expect(importTopic(broker, folder, { into: 'checkout.others' })).rejects.toThrow('keys would change places');
    await expect(exportTopic(broker, topic.name, folder)).rejects.toThrow('EEXIST');
  });
});
