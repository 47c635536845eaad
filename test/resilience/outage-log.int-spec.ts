import { setTimeout as pause } from 'node:timers/promises';
import { ProjectsEvent } from '@nestbox/consumer';
import { migrate } from '@nestbox/database';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { defineSaga, Saga, sagaMigrations } from '@nestbox/sagas';
import { eventually } from '@nestbox/kernel/testing';
import { Controller, Injectable } from '@nestjs/common';
import { Client } from 'pg';
import { proveFired } from '../support/faults.js';
import { RunningContext } from '../support/eventing/running-context.fixture.js';
import { OrderPlaced } from '../support/eventing/shop.fixture.js';

@Controller()
class Counting {
  @ProjectsEvent(OrderPlaced, { id: 'search.count', batch: true, tables: ['counts'] })
  placed(): void {}
}

@Saga(
  defineSaga<{ orderId: string }>({
    id: 'checkout.remind',
    starts: OrderPlaced,
    hears: [],
    lifetimeMs: 60_000,
    decide: (state) => ({ state: state ?? { orderId: 'order-1' } }),
  }),
)
@Injectable()
class Reminding {}

/** Those that look every second or more often, whatever happens. */
const REPEATING = ['Relay', 'Parking', 'Projections', 'Saga'];

describe('the log of a context whose database is away', () => {
  it('has a few lines, and says how many failures they stand for', async () => {
    const database = await RunningContext.database();
    await migrate({ url: database.url, migrations: sagaMigrations });
    const context = await RunningContext.start({ broker: new InMemoryBroker(), database, handlers: [Counting], providers: [Reminding] });
    const lines: { from: string; text: string }[] = [];
    const note = (text: unknown, ...rest: unknown[]) => void lines.push({ from: String(rest.at(-1)), text: String(text) });
    context.app.useLogger({ log: () => undefined, warn: note, error: note });
    await pause(2_000);
    const admin = new Client({ connectionString: process.env.TEST_DATABASE_URL });
    await admin.connect();
    lines.length = 0;

    await admin.query(`ALTER DATABASE ${database.name} ALLOW_CONNECTIONS false`);
    const { rowCount } = await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database.name]);
    proveFired('there was no connection to lose', rowCount! > 0);
    await pause(8_000);
    await admin.query(`ALTER DATABASE ${database.name} ALLOW_CONNECTIONS true`);

    await eventually(() => {
      for (const name of REPEATING) expect(lines.filter(({ from, text }) => from === name && text.includes('works again after'))).toHaveLength(1);
    }, { timeoutMs: 20_000 });
    for (const name of REPEATING) {
      const told = lines.filter(({ from }) => from === name).map(({ text }) => text);
      expect(told.length).toBeLessThanOrEqual(5);
      const failures = Number(/after (\d+) failures/.exec(told.at(-1)!)?.[1]);
      proveFired(`${name} failed only ${failures} times`, failures > 4);
    }
    await admin.end();
    await context.stop();
    await database.drop();
  });
});
