import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { OutsideApp } from './outside/outside-app.js';
import type { Choice } from './outside/outside-app.js';

/** What test/packages/outside/main.ts imports; what those need comes along. */
const imported = ['@nestbox/database', '@nestbox/eventing', '@nestbox/kernel'];

beforeAll(() => promisify(execFile)(process.execPath, ['tools/build.mjs', '--libs', '--types', '--quiet']), 120_000);

describe.each<Choice>(['tried here', 'oldest'])('an app outside of the repository, on the versions that are %s', (choice) => {
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
    expect(said).toEqual({ eventId: expect.any(String), published: expect.objectContaining({ type: 'OrderPlaced', data: { orderId: 'order-1', totalCents: 2500 } }) });
  });
});
