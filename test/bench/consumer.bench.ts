import { createBroker } from '@nestbox/eventing';
import type { Client } from 'pg';
import type { Result } from './figures.js';
import { spread } from './figures.js';
import { MeteredBroker } from './metered.broker.js';
import type { OwnConsumption } from './own-consumer.js';
import { preload } from './preload.js';
import { progress } from './progress.js';
import { rawConsume } from './raw-consume.js';
import { createTopic, deleteTopic } from './raw-kafka.js';
import { freshDatabase, kafkaBrokers, startContext } from './setting.js';
import { WarmProcess } from './warm-process.js';

const EVENTS = 120_000;
const SLOW_EVENTS = 10_000;
const TOPIC = 'checkout.orders';

const own = new WarmProcess<OwnConsumption>('./own-consumer.js');

/** Set handler and per-event handler with inbox beside a raw consumer without, and beside a transaction an event. */
export async function consumerBench(rounds: number): Promise<Result[]> {
  const database = await freshDatabase();
  await createTopic(TOPIC);
  await publishAll(database.url);
  const rates: Rates = { raw: [], counted: [], sets: [], each: [], perMessage: [] };
  for (let at = 0; at <= rounds; at++) {
    progress(`consumer: round ${at} of ${rounds}${at === 0 ? ' (warm-up)' : ''}`);
    const counted = await rawConsume(TOPIC, EVENTS);
    const raw = await rawSets(database);
    const sets = await consume(database, 'RevenueInSets');
    await check(database.client, 'SELECT sum(orders)::int AS n FROM revenue');
    const each = await consume(database, 'OrderByOrder');
    await check(database.client, 'SELECT count(*)::int AS n FROM orders');
    const perMessage = await transactionPerMessage(database);
    if (at > 0) {
      rates.raw.push(raw);
      rates.counted.push(counted);
      rates.sets.push(sets);
      rates.each.push(each);
      rates.perMessage.push(perMessage);
    }
  }
  await deleteTopic(TOPIC);
  await database.drop();
  return results(rates);
}

type Rates = Record<'raw' | 'counted' | 'sets' | 'each' | 'perMessage', number[]>;

function results(rates: Rates): Result[] {
  const line = (name: string, own: number[], of: number[], unit: '%' | 'x', least: number): Result => {
    const rounds = own.map((rate, n) => ((unit === '%' ? 100 : 1) * rate) / of[n]!);
    return { name, unit, target: least > 0 ? `>= ${least} ${unit}` : '-', met: spread(rounds).median >= least, rounds, details: rates };
  };
  return [
    line('set handler with inbox / raw eachBatch, same effect without dedup', rates.sets, rates.raw, '%', 80),
    line('per-event handler with inbox / the same raw', rates.each, rates.raw, '%', 40),
    line('per-event handler / a transaction an event', rates.each, rates.perMessage, 'x', 8),
    line('set handler with inbox / raw eachBatch that only counts', rates.sets, rates.counted, '%', 0),
  ];
}

/** The same effect as the set handler's, by hand: parse, one statement a batch, offset; nothing guards from duplicates. */
async function rawSets({ url, client }: { url: string; client: Client }): Promise<number> {
  await reset(client);
  return rawConsume(TOPIC, EVENTS, 'revenue in sets', url);
}

async function publishAll(url: string): Promise<void> {
  const kafka = () => createBroker({ kind: 'kafka', brokers: kafkaBrokers }, 'bench');
  await preload(url, await kafka(), EVENTS);
  const broker = new MeteredBroker(await kafka());
  const published = broker.after(EVENTS);
  const app = await startContext({ url, broker });
  await published;
  await app.close();
}

async function consume({ url, client }: { url: string; client: Client }, handler: OwnConsumption['handler']): Promise<number> {
  await reset(client);
  return own.ask({ handler, count: EVENTS, url });
}

async function reset(client: Client): Promise<void> {
  await client.query('TRUNCATE nestbox.inbox, orders, revenue');
  await client.query('CHECKPOINT');
}

async function check(client: Client, sql: string): Promise<void> {
  const { rows } = await client.query(sql);
  if (rows[0].n !== EVENTS) throw new Error(`Void: ${rows[0].n} effects of ${EVENTS} events.`);
}

async function transactionPerMessage({ url, client }: { url: string; client: Client }): Promise<number> {
  await reset(client);
  return rawConsume(TOPIC, SLOW_EVENTS, 'a transaction an event', url);
}
