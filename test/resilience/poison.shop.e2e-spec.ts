import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@nestbox/eventing/testing';
import { expectExactBooks } from '../support/books.js';
import { proveFired } from '../support/faults.js';
import { describeInAShop } from '../support/in-a-shop.js';
import type { Shop } from '../support/shop.js';
import { root } from '../support/tools.js';

const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
const section = /^## Events that a handler could not handle$([\s\S]*?)^## /m.exec(runbook)![1]!;
/** The commands that the runbook gives, as they stand there. */
const commands = [...section.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].flatMap(([, text]) => text!.trim().split('\n'));

/** The table that a handler writes to, and the column that holds the order's id. */
const poisoned = { recorder: ['arrivals', 'key'], email: ['mails', 'order_id'] } as const;
/** A fault that only some orders meet. */
const isPoisoned = (orderId: string) => /[0-3]$/.test(orderId);
const FEWEST_POISONED = 6;

async function poison(shop: Shop): Promise<void> {
  for (const [context, [table, column]] of Object.entries(poisoned)) {
    await shop.query(
      context,
      `CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF right(NEW.${column}::text, 1) < '4' THEN RAISE EXCEPTION 'the table is full'; END IF; RETURN NEW; END $$`,
    );
    await shop.query(context, `CREATE TRIGGER poison BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION poison()`);
  }
}

async function mend(shop: Shop): Promise<void> {
  for (const context of Object.keys(poisoned)) await shop.query(context, 'DROP FUNCTION IF EXISTS poison CASCADE');
}

const keysIn = async (shop: Shop, context: string, table: string) =>
  (await shop.query<{ key: string }>(context, `SELECT DISTINCT key FROM ${table} ORDER BY key`)).map(({ key }) => key);

const stillParked = async (shop: Shop) => (await keysIn(shop, 'recorder', 'nestbox.parked_keys')).length;

async function orderUntilPoisoned(shop: Shop): Promise<string[]> {
  const customer = shop.customer(['mug-blue']);
  for (let n = 0; customer.purchases.filter(({ orderId }) => isPoisoned(orderId)).length < FEWEST_POISONED; n++)
    await customer.errand(n);
  for (const purchase of customer.purchases.filter(({ orderId }) => isPoisoned(orderId)).slice(0, 3)) {
    await customer.cancel(purchase);
  }
  return customer.purchases.map(({ orderId }) => orderId);
}

/** Every try that comes by itself has been made, and an operator is called for. */
async function untilGivenUp(shop: Shop, orders: readonly string[]): Promise<void> {
  const bad = orders.filter(isPoisoned).sort();
  for (const context of Object.keys(poisoned)) {
    await eventually(
      async () => {
        const heads = await shop.query<{ key: string; status: string }>(
          context,
          'SELECT DISTINCT ON (handler, key) key, status FROM nestbox.dead_letters WHERE key = ANY ($1) ORDER BY handler, key, position',
          [orders],
        );
        expect([...new Set(heads.map(({ key }) => key))].sort()).toEqual(bad);
        expect(heads.filter(({ status }) => status !== 'parked')).toEqual([]);
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
  }
}

describeInAShop('with orders that some handlers cannot handle', (theShop) => {
  let shop: Shop;
  beforeEach(() => {
    shop = theShop();
  });
  afterEach(() => mend(shop));

  it('is mended by the three commands of the runbook, whatever interrupts them', async () => {
    expect(commands).toHaveLength(3);
    await poison(shop);
    const orders = await orderUntilPoisoned(shop);
    await untilGivenUp(shop, orders);
    const healthy = orders.filter((orderId) => !isPoisoned(orderId));
    await eventually(async () =>
      expect(await keysIn(shop, 'recorder', 'arrivals')).toEqual(expect.arrayContaining(healthy)),
    );

    const [causes, list, redrive] = commands as [string, string, string];
    expect((await shop.shell(causes).ended).stdout).toMatch(
      /^recorder +recorder\.write-down +\d+ +\d+ .*P0001: the table is full$/m,
    );
    const listed = await shop.shell(list).ended;
    for (const context of Object.keys(poisoned))
      expect(listed.stdout).toMatch(new RegExp(`^${context}/\\d+ .*the table is full`, 'm'));
    expect(listed.code).toBe(0);

    const early = await shop.shell(`${redrive} --app recorder --rate 20`).ended;
    expect([early.code, early.stdout]).toEqual([1, expect.stringContaining('STILL PARKED')]);
    await mend(shop);
    await pressCtrlC(shop, redrive);
    // A redrive asks nothing of the broker, and Kafka would wait half a minute for the member that was killed.
    if (shop.kind === 'postgres') await killTheApp(shop, redrive);
    const { code, stdout } = await shop.shell(redrive).ended;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^recorder: [1-9]\d* redriven, 0 failed$/m)]);

    expect(await shop.shell(list).ended).toMatchObject({ code: 0, stdout: 'Nothing is parked.\n' });
    await expectExactBooks(shop);
  }, 240_000);
});

async function pressCtrlC(shop: Shop, redrive: string): Promise<void> {
  const stopped = shop.shell(`${redrive} --app recorder --rate 1`);
  await stopped.hasTold(/recorder: [1-9]\d* redriven/);
  stopped.pressCtrlC();
  expect((await stopped.ended).stdout).toMatch(
    /^recorder: [1-9]\d* redriven, 0 failed; stopped before the end, what is left stays parked$/m,
  );
  proveFired('nothing was left when Ctrl-C came', (await stillParked(shop)) > 0);
}

async function killTheApp(shop: Shop, redrive: string): Promise<void> {
  const cut = shop.shell(`${redrive} --app recorder --rate 1`);
  await cut.hasTold(/recorder: [1-9]\d* redriven/);
  const recorder = shop.app('recorder');
  await recorder.kill();
  expect(await cut.ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('recorder went away before it was done'),
  });
  await recorder.start();
  await recorder.ready();
  proveFired('nothing was left when the app was killed', (await stillParked(shop)) > 0);
}
