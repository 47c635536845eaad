import { RelayConnection } from '@nestbox/eventing/testing';
import { Client } from 'pg';
import type { Result } from './figures.js';
import { spread } from './figures.js';
import { MeteredBroker } from './metered.broker.js';
import { progress } from './progress.js';
import { freshDatabase, startContext } from './setting.js';
import { SilentBroker } from './silent.broker.js';

const DEAD_ROWS = 100_000;
const POLLS = 400;

/** The relay's own statement on an empty backlog: fresh, and after 100 k published rows with xmin held back. */
export async function emptyPollBench(rounds: number): Promise<Result[]> {
  const times: { fresh: number[]; held: number[] } = { fresh: [], held: [] };
  for (let at = 1; at <= rounds; at++) {
    progress(`empty poll: round ${at} of ${rounds}`);
    const database = await freshDatabase();
    await drainOnce(database, 10);
    times.fresh.push(await pollMs(database.url));
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT pg_current_xact_id()');
    await drainOnce(database, DEAD_ROWS);
    times.held.push(await pollMs(database.url));
    await holder.end();
    await database.drop();
  }
  const ratio = times.held.map((ms, n) => ms / times.fresh[n]!);
  return [
    { name: 'empty poll after 100 k rows, xmin held / fresh', unit: 'x', target: '<= 1.2x', met: spread(ratio).median <= 1.2, rounds: ratio, details: times },
  ];
}

async function drainOnce({ url, client }: { url: string; client: Client }, count: number): Promise<void> {
  await client.query(
    `INSERT INTO nestbox.outbox_0 (bucket, topic, key, headers, value)
     SELECT 1, 'checkout.orders', 'order-' || n, '{}', repeat('x', 200) FROM generate_series(1, $1::int) n`,
    [count],
  );
  const broker = new MeteredBroker(new SilentBroker());
  const drained = broker.after(count);
  const app = await startContext({ url, broker });
  await drained;
  await app.close();
}

/** Median ms of one poll, as the relay would issue it from where it stands. */
async function pollMs(url: string): Promise<number> {
  const connection = await RelayConnection.open(url, () => undefined, () => undefined);
  const { rows } = await connection.query('SELECT seen::text, reading::text, last_id FROM nestbox.relay');
  const position = { seen: rows[0].seen, reading: rows[0].reading, lastId: rows[0].last_id };
  const samples: number[] = [];
  for (let poll = 0; poll < POLLS; poll++) {
    const started = performance.now();
    const { rows: found } = await connection.read(position, { index: 0, of: 1 }, 1000);
    samples.push(performance.now() - started);
    if (found.length > 0) throw new Error('Void: the poll was not empty.');
  }
  await connection.close();
  return spread(samples).median;
}
