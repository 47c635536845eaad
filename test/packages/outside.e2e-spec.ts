import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { OutsideApp } from './outside/outside-app.js';
import type { Choice } from './outside/outside-app.js';

/** What test/packages/outside/main.ts imports; what those need comes along. */
const imported = ['@nestbox/database', '@nestbox/eventing', '@nestbox/kernel'];

beforeAll(() => promisify(execFile)(process.execPath, ['tools/build.mjs', '--libs', '--types', '--quiet']), 120_000);

// The oldest cost another minute: `PEERS=oldest npm test -- test/packages/outside` whenever a range is touched.
const choice: Choice = process.env.PEERS === 'oldest' ? 'oldest' : 'tried here';

describe(`an app outside of the repository, on the versions that are ${choice}`, () => {
  let app: OutsideApp;
  let database: ScratchDatabase;

  beforeAll(async () => {
    database = await scratchDatabase();
    app = await OutsideApp.install(imported, choice);
  }, 180_000);
  afterAll(async () => {
    await app?.remove();
    await database?.drop();
  });

  it('gets along with what the packages declare', async () => {
    const installed = await app.installed();
    expect(Object.keys(installed)).toEqual(expect.arrayContaining(app.libs.map(({ manifest }) => manifest.name)));
  });

  it('compiles, and so do the examples of the READMEs, however strict the compiler', async () => {
    expect(await app.compile()).toBe('');
  });

  it('publishes an event through the outbox', async () => {
    const said = JSON.parse(await app.start({ DATABASE_URL: database.url }));
    const data = { orderId: 'order-1', totalCents: 2500 };
    expect(said.published).toMatchObject({ eventId: said.eventId, eventType: 'OrderPlaced', producer: 'checkout', data });
  });
});
