import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { OutsideApp } from './outside/outside-app.js';
import type { Choice } from './outside/outside-app.js';

beforeAll(() => promisify(execFile)(process.execPath, ['tools/build.mjs', '--libs', '--types', '--quiet']), 120_000);

// The oldest cost another minute: `PEERS=oldest npm test -- test/packages/outside` whenever a range is touched.
const choice: Choice = process.env.PEERS === 'oldest' ? 'oldest' : 'tried here';

describe.each(['outbox', 'eventing'])(`an app outside of the repository with @nestbox/%s, on the versions that are ${choice}`, (name) => {
  let app: OutsideApp;
  let database: ScratchDatabase;

  beforeAll(async () => {
    database = await scratchDatabase();
    app = await OutsideApp.install(name, choice);
  }, 180_000);
  afterAll(async () => {
    await app?.remove();
    await database?.drop();
  });

  it('gets along with what the packages declare, and gets no client that it has no use for', async () => {
    const installed = await app.installed();
    expect(Object.keys(installed)).toEqual(expect.arrayContaining(app.libs.map(({ manifest }) => manifest.name)));
    expect(['kafkajs', 'nodemailer'].filter((client) => app.has(client))).toEqual([]);
  });

  it('compiles, and so do the examples of the READMEs, however strict the compiler', async () => {
    expect(await app.compile()).toBe('');
  }, 180_000);

  it('publishes an event through the outbox', async () => {
    await told[name]!(app, { DATABASE_URL: database.url });
  });
});

const told: Record<string, (app: OutsideApp, environment: { DATABASE_URL: string }) => Promise<void>> = {
  outbox: async (app, environment) => {
    const { eventId, rows } = JSON.parse(await app.start(environment));
    expect(rows).toEqual([{ topic: 'checkout.orders', key: 'order-1' }]);
    const { published } = JSON.parse(await app.start(environment, 'relay'));
    const data = { orderId: 'order-1', totalCents: 2500 };
    expect(published).toMatchObject({ eventId, eventType: 'OrderPlaced', producer: 'checkout', data });
  },
  eventing: async (app, environment) => {
    expect(JSON.parse(await app.start(environment))).toEqual({ heard: 'order-1' });
  },
};
