import { UnitOfWork } from '@nestbox/database';
import { Outbox } from '@nestbox/eventing';
import { uuid7 } from '@nestbox/kernel';
import type { Result } from './figures.js';
import { spread } from './figures.js';
import { progress } from './progress.js';
import { freshDatabase, startContext } from './setting.js';
import { placedOrder } from './shop.js';
import { SilentBroker } from './silent.broker.js';

const CLIENTS = 8;
const SLICE_MS = 1_000;
const SLICES = 4;

/** Business transactions per second with one event and without, in alternating slices of a second. */
export async function writeBench(rounds: number): Promise<Result[]> {
  const database = await freshDatabase();
  const app = await startContext({ url: database.url, broker: new SilentBroker(), relay: { enabled: false } });
  const [unitOfWork, outbox] = [app.get(UnitOfWork), app.get(Outbox)];
  const place = (withEvent: boolean) =>
    unitOfWork.run(async () => {
      const id = uuid7();
      await unitOfWork.query('INSERT INTO orders (id, total_cents) VALUES ($1, $2)', [id, 2500]);
      if (withEvent) outbox.add([placedOrder(1, id)]);
    });
  const rates: { with: number[]; without: number[] } = { with: [], without: [] };
  for (let at = 0; at <= rounds; at++) {
    progress(`write: round ${at} of ${rounds}${at === 0 ? ' (warm-up)' : ''}`);
    const counts = { with: 0, without: 0 };
    for (let slice = 0; slice < SLICES; slice++) {
      counts.without += await during(SLICE_MS, () => place(false));
      counts.with += await during(SLICE_MS, () => place(true));
    }
    const seconds = (SLICES * SLICE_MS) / 1000;
    if (at > 0) {
      rates.with.push(counts.with / seconds);
      rates.without.push(counts.without / seconds);
    }
  }
  await app.close();
  await database.drop();
  const share = rates.with.map((rate, n) => (100 * rate) / rates.without[n]!);
  return [
    { name: 'transactions with one event / without', unit: '%', target: '>= 92 %', met: spread(share).median >= 92, rounds: share, details: rates },
  ];
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
