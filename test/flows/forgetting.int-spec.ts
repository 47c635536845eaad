import { randomUUID } from 'node:crypto';
import * as contracts from '@nestbox/contracts';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { brokerMigrations, DeadLetters, Projections } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import type { EventContract } from '@nestbox/kernel';
import { Client } from 'pg';
import { z } from 'zod';
import { CheckoutModule } from '../../apps/checkout/src/checkout.module.js';
import { migrations as checkoutMigrations } from '../../apps/checkout/src/persistence/migrations/index.js';
import { EmailModule } from '../../apps/email/src/email.module.js';
import { migrations as emailMigrations } from '../../apps/email/src/persistence/migrations/index.js';
import { InventoryModule } from '../../apps/inventory/src/inventory.module.js';
import { migrations as inventoryMigrations } from '../../apps/inventory/src/persistence/migrations/index.js';
import { migrations as searchMigrations } from '../../apps/search/src/persistence/migrations/index.js';
import { SearchModule } from '../../apps/search/src/search.module.js';
import { Mailbox } from '../support/mailbox.js';
import { ShopApp } from '../support/shop-app.js';

const token = 'the-admin-of-this-test';
const by = { actor: 'ada', reason: 'asked to' };
const canary = `canary-${randomUUID()}`;

type Query = (sql: string) => Promise<{ text?: string; name?: string }[]>;

/** Everything that a dump of a database would hold, as text, bytes in hex. */
async function dump(query: Query): Promise<string> {
  const tables = await query(`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`);
  const parts: string[] = [];
  for (const { name } of tables) parts.push(...(await query(`SELECT t::text AS text FROM ${name} t`)).map(({ text }) => text!));
  return parts.join('\n');
}

describe('forgetting a customer', () => {
  let mailbox: Mailbox;
  let log: ScratchDatabase;
  let logClient: Client;
  const apps: ShopApp[] = [];
  let [inventory, checkout, search, email] = [] as ShopApp[];

  const place = () =>
    checkout.send<{ orderId: string }>('POST', '/orders', {
      userId: canary, email: `${canary}@example.com`, lines: [{ sku: 'mug-blue', quantity: 1 }],
    });
  const found = async (orderId: string) =>
    (await search.query<{ user_id: string }>('SELECT user_id FROM orders WHERE order_id = $1', [orderId]))[0]?.user_id;
  const everywhere = async () => {
    const ofApps = await Promise.all(apps.map((app) => dump((sql) => app.query(sql))));
    const ofLog = await dump(async (sql) => (await logClient.query(sql)).rows);
    const told = apps.flatMap(({ warnings }) => warnings);
    return [...ofApps, ofLog, ...told].join('\n');
  };
  const traces = (text: string) => [canary, Buffer.from(canary).toString('hex')].filter((form) => text.includes(form));

  beforeAll(async () => {
    mailbox = await Mailbox.start();
    log = await scratchDatabase(brokerMigrations);
    logClient = new Client({ connectionString: log.url });
    await logClient.connect();
    const config = {
      broker: { kind: 'postgres' as const, url: log.url, sessionTimeoutMs: 10_000 },
      subjectKeysUrl: log.url, adminTokens: { admin: token }, smtpUrl: mailbox.url,
    };
    inventory = await ShopApp.start(InventoryModule, inventoryMigrations, config);
    checkout = await ShopApp.start(CheckoutModule, checkoutMigrations, config);
    search = await ShopApp.start(SearchModule, searchMigrations, config);
    email = await ShopApp.start(EmailModule, emailMigrations, config);
    apps.push(inventory, checkout, search, email);
    await inventory.send('PUT', '/products/mug-blue', { name: 'Blue mug', priceCents: 1250, onHand: 100 }).catch(() => undefined);
    await eventually(async () => expect(await checkout.query('SELECT FROM prices')).toHaveLength(1), { timeoutMs: 20_000 });
  }, 120_000);
  afterAll(async () => {
    for (const app of apps) await app.stop();
    await logClient?.end();
    await log?.drop();
    await mailbox?.close();
  });

  it('leaves no trace of them in any database, topic, dead letter or log, and every view can still be rebuilt', async () => {
    const kept = await place();
    await eventually(async () => expect(await found(kept.body.orderId)).toBe(canary), { timeoutMs: 20_000 });
    await eventually(async () => expect(await email.query('SELECT FROM recipients')).toHaveLength(1));
    await search.query('ALTER TABLE orders RENAME TO mislaid');
    const parked = await place();
    const letters = search.app.get(DeadLetters);
    const seeLetters = async () => expect((await letters.list({})).letters.length).toBeGreaterThan(0);
    await eventually(seeLetters, { timeoutMs: 30_000 });
    await search.query('ALTER TABLE mislaid RENAME TO orders');

    // It was there; and what is read of the log alone never told it.
    expect(traces(await everywhere())).not.toEqual([]);
    const { rows } = await logClient.query(`SELECT string_agg(encode(value, 'escape'), '') AS text FROM log.records`);
    expect(traces(rows[0].text)).toEqual([]);

    for (const app of apps) {
      const answer = await app.send('POST', '/admin/subjects/forget', { ...by, subject: canary }, { authorization: `Bearer ${token}` });
      expect(answer.status).toBe(200);
    }
    expect(traces(await everywhere())).toEqual([]);

    await letters.redrive({ key: parked.body.orderId }, by);
    await eventually(async () => expect(await found(parked.body.orderId)).toBe('forgotten'));
    const projections = search.app.get(Projections);
    const { id } = await projections.rebuild('search.index-orders', by);
    await eventually(async () => expect(await projections.state(id)).toMatchObject({ status: 'live' }), { timeoutMs: 30_000 });
    expect(await found(kept.body.orderId)).toBe('forgotten');
    expect(traces(await everywhere())).toEqual([]);
  }, 120_000);

  it('is possible for every contract that has personal data in it', () => {
    const events = (Object.values(contracts) as unknown[]).filter((one): one is EventContract => (one as EventContract).kind === 'event');
    for (const { name, schema, personal } of events) {
      const { properties = {} } = z.toJSONSchema(schema as unknown as z.ZodType) as { properties?: Record<string, object> };
      const tagged = Object.keys(properties).filter((field) => 'x-personal-data' in properties[field]!);
      expect({ name, fields: Object.keys(personal?.fields ?? {}).sort() }).toEqual({ name, fields: tagged.sort() });
    }
  });
});
