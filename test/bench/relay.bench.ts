import { createBroker } from '@nestbox/eventing';
import { Kafka, logLevel } from 'kafkajs';
import type { Client } from 'pg';
import type { Result } from './figures.js';
import { spread } from './figures.js';
import { MeteredBroker } from './metered.broker.js';
import { preload } from './preload.js';
import { progress } from './progress.js';
import { createTopic, deleteTopic, rawProduce } from './raw-kafka.js';
import { freshDatabase, kafkaBrokers, startContext } from './setting.js';
import { SilentBroker } from './silent.broker.js';

const EVENTS = 40_000;
const NAIVE_EVENTS = 600;
const TOPIC = 'checkout.orders';

/** The relay into real Kafka beside a raw producer of the same records, and beside one publish and one delete an event. */
export async function relayBench(rounds: number): Promise<Result[]> {
  const database = await freshDatabase();
  await preload(database.url, new SilentBroker(), EVENTS);
  const { rows } = await database.client.query('SELECT key, value, headers FROM nestbox.outbox ORDER BY id');
  const messages = rows.map(({ key, value, headers }) => ({ key, value, headers: JSON.parse(headers) }));
  const rates: { raw: number[]; relay: number[]; naive: number[] } = { raw: [], relay: [], naive: [] };
  for (let at = 0; at <= rounds; at++) {
    progress(`relay: round ${at} of ${rounds}${at === 0 ? ' (warm-up)' : ''}`);
    const raw = await withTopic(() => rawProduce(TOPIC, messages));
    const relay = await withTopic(() => relayRate(database));
    const naive = await withTopic(() => naiveRate(database.client));
    if (at > 0) {
      rates.raw.push(raw);
      rates.relay.push(relay);
      rates.naive.push(naive);
    }
  }
  await database.drop();
  const share = rates.relay.map((rate, n) => (100 * rate) / rates.raw[n]!);
  const ratio = rates.relay.map((rate, n) => rate / rates.naive[n]!);
  return [
    { name: 'relay into Kafka / raw producer', unit: '%', target: '>= 90 %', met: spread(share).median >= 90, rounds: share, details: rates },
    { name: 'relay / one publish and one delete an event', unit: 'x', target: '>= 30x', met: spread(ratio).median >= 30, rounds: ratio, details: rates },
  ];
}

async function withTopic(work: () => Promise<number>): Promise<number> {
  await createTopic(TOPIC);
  try {
    return await work();
  } finally {
    await deleteTopic(TOPIC);
  }
}

async function relayRate({ url, client }: { url: string; client: Client }): Promise<number> {
  await client.query(`UPDATE nestbox.relay SET seen = '3:3:', reading = NULL, last_id = 0, expires_at = '-infinity'`);
  const broker = new MeteredBroker(await createBroker({ kind: 'kafka', brokers: kafkaBrokers }, 'bench'));
  await broker.connect();
  const ended = broker.after(EVENTS);
  const app = await startContext({ url, broker });
  const ms = await ended;
  await app.close();
  return (EVENTS / ms) * 1000;
}

/** What many tutorials do: read a row, publish it, delete it. */
async function naiveRate(client: Client): Promise<number> {
  const kafka = new Kafka({ clientId: 'naive', brokers: kafkaBrokers, logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  await client.query(`CREATE TABLE naive AS SELECT id, key, headers, value FROM nestbox.outbox ORDER BY id LIMIT ${NAIVE_EVENTS}`);
  await client.query('CREATE INDEX ON naive (id)');
  const started = performance.now();
  for (let left = NAIVE_EVENTS; left > 0; left--) {
    const { rows } = await client.query('SELECT id, key, headers, value FROM naive ORDER BY id LIMIT 1');
    const { id, key, headers, value } = rows[0];
    await producer.send({ topic: TOPIC, acks: -1, messages: [{ key, value, headers: JSON.parse(headers) }] });
    await client.query('DELETE FROM naive WHERE id = $1', [id]);
  }
  const seconds = (performance.now() - started) / 1000;
  await client.query('DROP TABLE naive');
  await producer.disconnect();
  return NAIVE_EVENTS / seconds;
}
