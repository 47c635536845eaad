import type { Client } from 'pg';
import type { Result } from './figures.js';
import { spread } from './figures.js';
import { MeteredBroker } from './metered.broker.js';
import { progress } from './progress.js';
import { freshDatabase, startContext } from './setting.js';
import { SilentBroker } from './silent.broker.js';

const LARGE = 1_000_000;
const SMALL = 10_000;

/** Drain rate with a million rows waiting beside ten thousand: reading alone, no broker behind. */
export async function backlogBench(rounds: number): Promise<Result[]> {
  const database = await freshDatabase();
  const rates: { large: number[]; small: number[] } = { large: [], small: [] };
  for (let at = 1; at <= rounds; at++) {
    progress(`backlog: round ${at} of ${rounds}: ${SMALL.toLocaleString('en')} rows, several times`);
    const small: number[] = [];
    for (let time = 0; time < 10; time++) small.push(await drain(database, SMALL));
    rates.small.push(spread(small).median);
    progress(`backlog: round ${at} of ${rounds}: ${LARGE.toLocaleString('en')} rows`);
    rates.large.push(await drain(database, LARGE));
  }
  await database.drop();
  const share = rates.large.map((rate, n) => (100 * rate) / rates.small[n]!);
  return [
    { name: 'drain rate at 1 M backlog / at 10 k', unit: '%', target: '>= 95 %', met: spread(share).median >= 95, rounds: share, details: rates },
  ];
}

async function drain({ url, client }: { url: string; client: Client }, count: number): Promise<number> {
  await client.query('TRUNCATE nestbox.outbox');
  await client.query(
    `INSERT INTO nestbox.outbox_0 (bucket, topic, key, headers, value)
     SELECT n % 64, 'checkout.orders', 'order-' || n % 5000, '{"ce_id":"x"}', repeat('x', 1000) FROM generate_series(1, $1::int) n`,
    [count],
  );
  await client.query('CHECKPOINT');
  const broker = new MeteredBroker(new SilentBroker());
  const drained = broker.after(count);
  const app = await startContext({ url, broker });
  const ms = await drained;
  await app.close();
  return (count / ms) * 1000;
}
