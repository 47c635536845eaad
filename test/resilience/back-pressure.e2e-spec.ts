import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { brokerMigrations, createBroker, eventingMigrations } from '@nestbox/eventing';
import type { BrokerOption } from '@nestbox/eventing';
import { uuid7 } from '@nestbox/kernel';
import { describeOnEachBroker } from '../support/brokers.js';
import { Databases } from '../support/databases.js';
import { proveFired } from '../support/faults.js';
import { buildProcesses, PROCESSES } from '../support/processes.js';

const MIB = 1024 * 1024;
const HEAP_MIB = 256;
/** Beside the heap: the runtime itself, and what is fetched ahead, which is bounded by bytes. */
const MOST_RSS_MIB = 512;
const EVENTS = 320;
const PARTITIONS = 6;
const SKUS = 60;

describeOnEachBroker('A process whose handler is slower than the stream', (kind) => {
  const databases = new Databases();
  let brokerOption: BrokerOption;
  const topic = `shop.photos-${uuid7().slice(-8)}`;

  beforeAll(async () => {
    await buildProcesses();
    await databases.create('shop', eventingMigrations);
    await databases.create('broker', brokerMigrations);
    await databases.query('shop', 'CREATE TABLE developed (event_id uuid, sku text, pixels int)');
    brokerOption =
      kind === 'kafka'
        ? { kind, brokers: process.env.KAFKA_BROKERS!.split(',') }
        : { kind, url: databases.urlOf('broker') };
  }, 60_000);
  afterAll(() => databases.drop());

  const photo = (n: number) => {
    const sku = `sku-${n % SKUS}`;
    const envelope = { eventId: uuid7(), eventType: 'PhotoTaken', eventVersion: 1, aggregateVersion: n, data: { sku, pixels: 'x'.repeat(MIB - 10_000) } };
    return { topic, key: sku, value: JSON.stringify(envelope), headers: { ce_type: 'shop.PhotoTaken.v1' } };
  };

  it(`handles ${EVENTS} MiB of events of 1 MiB each, once, with a heap of ${HEAP_MIB} MiB`, async () => {
    const broker = await createBroker(brokerOption, 'tests');
    await broker.connect();
    await broker.ensureTopics([{ name: topic, partitions: PARTITIONS }]);
    for (let n = 0; n < EVENTS; n += 10) await broker.publish(Array.from({ length: 10 }, (_, more) => photo(n + more)));
    await broker.close();

    const settings = { databaseUrl: databases.urlOf('shop'), broker: brokerOption, topic, partitions: PARTITIONS, until: EVENTS };
    const script = join(PROCESSES, 'slow-reader.js');
    const reader = spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, script], {
      env: { PATH: process.env.PATH, SLOW_READER: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    reader.stdout.on('data', (chunk) => (told += chunk));
    const [code] = await once(reader, 'close');

    expect(code).toBe(0);
    const { maxRssMiB } = JSON.parse(told.trim().split('\n').at(-1)!);
    const [developed] = await databases.query<{ events: number; ids: number; bytes: string }>(
      'shop',
      'SELECT count(*)::int AS events, count(DISTINCT event_id)::int AS ids, sum(pixels)::text AS bytes FROM developed',
    );
    expect(developed).toMatchObject({ events: EVENTS, ids: EVENTS });
    proveFired('there was less to read than fits the heap', Number(developed!.bytes) > HEAP_MIB * MIB);
    expect(maxRssMiB).toBeLessThan(MOST_RSS_MIB);
  }, 180_000);
});
