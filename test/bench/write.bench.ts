import { UnitOfWork } from '@nestbox/database';
import { Outbox } from '@nestbox/eventing';
import { uuid7 } from '@nestbox/kernel';
import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import type { Result } from './figures.js';
import { spread } from './figures.js';
import { progress } from './progress.js';
import { freshDatabase, startContext } from './setting.js';
import { placedOrder } from './shop.js';
import { SilentBroker } from './silent.broker.js';

const CLIENTS = 8;
const SLICE_MS = 1_000;
const SLICES = 4;

/**
 * Business transactions per second with one event and without, in alternating slices of a second; and the same by hand
 * on the driver, where the event is no more than a row of ready-made text: what a row costs on this machine at least.
 */
export async function writeBench(rounds: number): Promise<Result[]> {
  const database = await freshDatabase();
  const app = await startContext({ url: database.url, broker: new SilentBroker(), relay: { enabled: false } });
  const [unitOfWork, outbox] = [app.get(UnitOfWork), app.get(Outbox)];
  const byHand = await handWriter(database.url);
  const ways: Record<string, () => Promise<void>> = {
    without: () => place(unitOfWork),
    with: () => place(unitOfWork, outbox),
    byHandWithout: () => byHand.place(false),
    byHandWith: () => byHand.place(true),
  };
  const rates: Record<string, number[]> = {};
  for (let at = 0; at <= rounds; at++) {
    progress(`write: round ${at} of ${rounds}${at === 0 ? ' (warm-up)' : ''}`);
    const counts: Record<string, number> = {};
    for (let slice = 0; slice < SLICES; slice++) {
      for (const [way, work] of Object.entries(ways)) counts[way] = (counts[way] ?? 0) + (await during(SLICE_MS, work));
    }
    if (at > 0) for (const way of Object.keys(ways)) (rates[way] ??= []).push(counts[way]! / ((SLICES * SLICE_MS) / 1000));
  }
  await byHand.end();
  await app.close();
  await database.drop();
  const share = (way: string, of: string) => rates[way]!.map((rate, n) => (100 * rate) / rates[of]![n]!);
  const [own, hand] = [share('with', 'without'), share('byHandWith', 'byHandWithout')];
  return [
    { name: 'transactions with one event / without', unit: '%', target: '>= 92 %', met: spread(own).median >= 92, rounds: own, details: rates },
    { name: 'the same by hand on pg, the event a ready-made row', unit: '%', target: '-', met: true, rounds: hand, details: rates },
  ];
}

async function place(unitOfWork: UnitOfWork, outbox?: Outbox): Promise<void> {
  await unitOfWork.run(async () => {
    const id = uuid7();
    await unitOfWork.query('INSERT INTO orders (id, total_cents) VALUES ($1, $2)', [id, 2500]);
    outbox?.add([placedOrder(1, id)]);
  });
}

async function handWriter(url: string): Promise<{ place: (withEvent: boolean) => Promise<void>; end: () => Promise<void> }> {
  const idle = Array.from({ length: CLIENTS }, () => new Client({ connectionString: url, pipeline: true } as ClientConfig));
  for (const client of idle) await client.connect();
  const clients = [...idle];
  const { contract, key, json } = placedOrder(1);
  const values = [1, contract.topic, key, '{}'.padEnd(350), json.padEnd(1_000)];
  const row = { name: 'row', text: 'INSERT INTO nestbox.outbox_0 (bucket, topic, key, headers, value) VALUES ($1, $2, $3, $4, $5)', values };
  const place = async (withEvent: boolean) => {
    const client = idle.pop()!;
    const begun = client.query('BEGIN');
    await client.query('INSERT INTO orders (id, total_cents) VALUES ($1, $2)', [uuid7(), 2500]);
    await Promise.all([begun, withEvent && client.query(row), client.query('COMMIT')]);
    idle.push(client);
  };
  return { place, end: async () => void (await Promise.all(clients.map((client) => client.end()))) };
}

async function during(ms: number, work: () => Promise<void>): Promise<number> {
  const end = performance.now() + ms;
  let done = 0;
  const client = async () => {
    while (performance.now() < end) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return done;
}
