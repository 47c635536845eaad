import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { forgotten, topics } from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import { proveFired } from '../support/faults.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';
import { everythingOn } from '../support/topics.js';
import { asAdmin } from '../support/tokens.js';

/** Until this is dropped, search takes no order in, and says whose it was. */
const POISON = `CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no place for %', NEW.user_id; END $$;
  CREATE TRIGGER poison BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION poison()`;

/** Where somebody is known by name until they are forgotten. */
const knowing = ['checkout', 'email', 'search', 'keys'];

/** All that a dump of a database would hold, as text; bytes are in hex there. */
async function dump(shop: Shop, database: string): Promise<string> {
  const tables = await shop.query<{ name: string }>(
    database,
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    parts.push(...(await shop.query<{ text: string }>(database, `SELECT t::text AS text FROM ${name} t`)).map(({ text }) => text));
  }
  return parts.join('\n');
}

/** What processes have said, and what Kafka has on disk. */
async function files(folder: string, names: RegExp): Promise<Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const wanted = entries.filter((entry) => entry.isFile() && names.test(entry.name));
  return Promise.all(wanted.map(({ parentPath, name }) => readFile(join(parentPath, name))));
}

function unpacked(archive: Buffer): string {
  const lines = String(gunzipSync(archive)).split('\n').filter((line) => line !== '');
  return lines.map((line) => `${line} ${Buffer.from((JSON.parse(line) as { value: string }).value, 'base64')}`).join('\n');
}

describeInAShop('that is asked to forget a customer', (theShop) => {
  const canary = `canary-${randomUUID()}`;
  const traceparent = `00-${randomUUID().replaceAll('-', '')}-00f067aa0ba902b7-01`;
  let shop: Shop;

  beforeEach(() => {
    shop = theShop();
  });

  const newArchive = () => join(shop.home, `archive-${randomUUID()}`);
  const nestbox = async (command: string) => {
    const said = await shop.shell(`npx nestbox ${command}`).ended;
    expect(said).toEqual({ ...said, code: 0 });
    return said.stdout + said.stderr;
  };
  const place = async () => {
    const customer = shop.customer();
    customer.headers = { traceparent };
    return customer.order([{ sku: 'mug-blue', quantity: 1 }], { userId: canary, email: `${canary}@example.com` });
  };
  const knownAs = async ({ orderId }: { orderId: string }) =>
    (await shop.query<{ user_id: string }>('search', 'SELECT user_id FROM orders WHERE order_id = $1', [orderId]))[0]?.user_id;
  const letters = (orderId: string) => shop.query('search', 'SELECT status FROM nestbox.dead_letters WHERE key = $1', [orderId]);

  const placesThatKnow = async (archive: string) => {
    const places = new Map<string, string>();
    for (const database of shop.databases.contexts) places.set(database, await dump(shop, database));
    const told = await everythingOn(await shop.broker(), topics.map(({ name }) => name));
    places.set('topics', told.map(({ record }) => `${record.value} ${JSON.stringify(record.headers)}`).join('\n'));
    places.set('files', Buffer.concat(await files(shop.home, /\.log$/)).toString('latin1'));
    places.set('archive', (await files(archive, /\.gz$/)).map(unpacked).join('\n'));
    places.set('traces', shop.collector.bodies.join('\n'));
    const forms = [canary, Buffer.from(canary).toString('hex')];
    return [...places].filter(([, text]) => forms.some((form) => text.includes(form))).map(([name]) => name);
  };

  it('has them nowhere any more, and can still build every view anew', async () => {
    const order = await place();
    await eventually(() => expect(shop.mailbox.to(order.email)).toHaveLength(2), { timeoutMs: 30_000 });
    await eventually(async () => expect(await knownAs(order)).toBe(canary));
    await fetch(`${shop.app('search').url}/search?q=${canary}`, { headers: { ...asAdmin, traceparent } });
    await nestbox(`rebuild search.index-orders --reason 'to have an old generation'`);
    await shop.query('search', POISON);
    const parked = await place();
    await eventually(async () => expect(await letters(parked.orderId)).toHaveLength(1), { timeoutMs: 30_000 });
    await shop.query('search', 'DROP FUNCTION poison CASCADE');
    const archive = newArchive();
    await nestbox(`archive export checkout.orders --to ${archive}`);

    const before = await placesThatKnow(archive);
    proveFired(`it was not known where it had to be: ${before.join()}`, knowing.every((place) => before.includes(place)));
    expect(before.filter((place) => !knowing.includes(place))).toEqual([]);

    await nestbox(`forget ${canary} --reason 'asked to'`);
    expect(await placesThatKnow(archive)).toEqual([]);

    await nestbox(`dead-letters redrive --app search --key ${parked.orderId} --reason 'there is a place'`);
    await eventually(async () => expect(await knownAs(parked)).toBe(forgotten.userId));
    await nestbox(`rebuild search.index-orders --reason 'to see whether it ends'`);
    expect([await knownAs(order), await knownAs(parked)]).toEqual([forgotten.userId, forgotten.userId]);
    expect(await placesThatKnow(archive)).toEqual([]);
  }, 180_000);

  it('has an archive that brings the topic back, record for record', async () => {
    const { email } = await shop.customer().order([{ sku: 'mug-blue', quantity: 1 }]);
    await eventually(() => expect(shop.mailbox.to(email)).toHaveLength(2), { timeoutMs: 30_000 });
    const archive = newArchive();
    await nestbox(`archive export checkout.orders --to ${archive}`);
    const broker = await shop.broker();
    const again = { name: 'checkout.orders-again', partitions: (await broker.bounds(['checkout.orders'])).length };
    await broker.ensureTopics([again]);
    expect(await nestbox(`archive import ${archive} --into ${again.name}`)).toMatch(/checkout\.orders-again: [1-9]\d* records are back/);
    const content = async (topic: string) =>
      (await everythingOn(broker, [topic])).map(({ record }) => `${record.partition} ${record.key} ${record.value}`);
    const brought = await content(again.name);
    expect((await content('checkout.orders')).filter((line) => brought.includes(line))).toEqual(brought);
    await expectExactBooks(shop);
  }, 180_000);
});
