import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@nestbox/eventing/testing';
import { Client } from 'pg';
import { proveFired } from '../support/faults.js';
import { Shell } from '../support/shell.js';
import { giveBackPlaces, StartedShop, takePlace } from '../support/started-shop.js';

const mug = { name: 'Blue mug', priceCents: 1250, onHand: 100 };

/** Of the shop's operator. */
let operator: StartedShop['operator'];

const get = async <Body>(url: string): Promise<Body> =>
  (await (await fetch(url, { headers: operator })).json()) as Body;

const send = (method: string, url: string, body: object) =>
  fetch(url, {
    method,
    headers: {
      ...operator,
      'content-type': 'application/json', 'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });

afterAll(giveBackPlaces);

describe('npm start', () => {
  let shop: StartedShop;
  let orderId = '';

  beforeAll(async () => {
    shop = await StartedShop.open(await takePlace());
    ({ operator } = shop);
  }, 120_000);

  afterAll(() => shop?.stop('SIGTERM'));

  it('shows where everything is and what to try', () => {
    expect(shop.output).toContain(shop.at('checkout'));
    expect(shop.output).toContain('npm run order');
  });

  it('lets nobody in at /admin but with the tokens that it prints, which npx nestbox finds by itself', async () => {
    const knock = async (headers: Record<string, string>) => (await fetch(shop.at('email', '/admin/dead-letters'), { headers })).status;
    expect([await knock({}), await knock(operator)]).toEqual([401, 200]);
    expect(statSync(join(shop.home, 'tokens.json')).mode & 0o777).toBe(0o600);
    const { code, stdout } = await new Shell('npx nestbox audit', { NESTBOX_HOME: shop.home }).ended;
    expect([code, stdout]).toEqual([0, 'Nothing has been done.\n']);
  });

  it('opens a shop in which an order goes through', async () => {
    expect((await send('PUT', shop.at('inventory', '/products/mug-blue'), mug)).status).toBe(200);
    await eventually(async () => {
      const order = { userId: 'ada', email: 'ada@example.com', lines: [{ sku: 'mug-blue', quantity: 2 }] };
      const answer = await send('POST', shop.at('checkout', '/orders'), order);
      expect(answer.status).toBe(201);
      ({ orderId } = (await answer.json()) as { orderId: string });
    });
    await eventually(async () => {
      const mails = await get<{ kind: string }[]>(shop.at('email', `/emails?orderId=${orderId}`));
      expect(mails.map(({ kind }) => kind).sort()).toEqual(['confirmation', 'shipped']);
    }, { timeoutMs: 20_000 });
  });

  it('takes orders while the database of the embedded log is away, and ships them when it is back', async () => {
    const admin = new Client({ connectionString: await shop.postgres() });
    await admin.connect();
    const order = { userId: 'ada', email: 'ada@example.com', lines: [{ sku: 'mug-blue', quantity: 1 }] };
    const orderIds: string[] = [];
    try {
      await admin.query('ALTER DATABASE broker ALLOW_CONNECTIONS false');
      const { rowCount } = await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'broker'`);
      proveFired('nobody was connected to the log', rowCount! > 0);
      await eventually(async () => {
        const { reasons } = await get<{ reasons: string[] }>(shop.at('checkout', '/health/ready'));
        expect(reasons.join()).toContain('broker');
      }, { timeoutMs: 20_000 });
      for (let n = 0; n < 5; n++) {
        const answer = await send('POST', shop.at('checkout', '/orders'), order);
        expect(answer.status).toBe(201);
        orderIds.push(((await answer.json()) as { orderId: string }).orderId);
      }
      for (const id of orderIds) expect(await get(shop.at('checkout', `/orders/${id}`))).toMatchObject({ status: 'placed' });
    } finally {
      await admin.query('ALTER DATABASE broker ALLOW_CONNECTIONS true');
      await admin.end();
    }
    await eventually(async () => {
      for (const id of orderIds) expect(await get(shop.at('checkout', `/orders/${id}`))).toMatchObject({ status: 'shipped' });
    }, { timeoutMs: 60_000 });
  }, 120_000);

  it('starts an app again that was killed', async () => {
    const { pid } = await get<{ pid: number }>(shop.at('search', '/health/live'));
    process.kill(pid, 'SIGKILL');
    await eventually(
      async () => {
        expect((await get<{ pid: number }>(shop.at('search', '/health/live'))).pid).not.toBe(pid);
        expect((await fetch(shop.at('search', '/health/ready'))).status).toBe(200);
      },
      { timeoutMs: 30_000 },
    );
    expect(shop.output).toMatch(/search ended \(SIGKILL\), starting again in 1 s/);
  });

  it('refuses a second shop in the same home with one line', async () => {
    const { code, output } = await StartedShop.attempt({ home: shop.home, base: shop.base + 1_000 });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([expect.stringContaining(`A shop already runs in ${shop.home}`)]);
  });

  it('refuses a taken port with one line that names it and the cure', async () => {
    const { home } = await takePlace();
    const { code, output } = await StartedShop.attempt({ home, base: shop.base });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`Port ${shop.base + 1} for checkout .* is taken.*PORT_BASE=\\d+ npm start`)),
    ]);
  });

  it('leaves no process and no lock behind after SIGTERM', async () => {
    const pids = shop.pids();
    expect(pids.length).toBeGreaterThan(5);
    expect((await shop.stop('SIGTERM')).code).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readdirSync(join(shop.home, 'run'))).toEqual([]);
    expect(existsSync(join(shop.home, 'lock'))).toBe(false);
  });

  it('still has the orders after a restart', async () => {
    shop = await StartedShop.open(shop);
    expect(await get(shop.at('checkout', `/orders/${orderId}`))).toMatchObject({ orderId, status: 'shipped' });
  }, 120_000);

  it('clears away what a killed shop left running', async () => {
    const pids = shop.pids();
    await shop.stop('SIGKILL');
    shop = await StartedShop.open(shop);
    expect(shop.output).toContain('an earlier shop had left running');
    expect(pids.filter(isAlive)).toEqual([]);
  }, 120_000);
});

describe('npm start told nonsense', () => {
  it.each([
    [['--nonsense'], /Unknown option '--nonsense'/],
    [['--broker', 'rabbit'], /--broker is postgres or kafka, not "rabbit"/],
    [['--env', 'cellar'], /There is no app "cellar"/],
  ])('answers %j with one line and exit code 2', async (args, line) => {
    const { code, output } = await StartedShop.attempt({ ...(await takePlace()), args });
    expect(code).toBe(2);
    expect(output.trim().split('\n')).toEqual([expect.stringMatching(line)]);
  });
});

describe('npm start -- --env', () => {
  it('prints what a shell needs to run the app by hand', async () => {
    const { code, output } = await StartedShop.attempt({
      ...(await takePlace()),
      base: 4_000,
      args: ['--env', 'email'],
    });
    expect(code).toBe(0);
    expect(output).toMatch(/^export PORT='4006'$/m);
    expect(output).toMatch(/^export DATABASE_URL='postgres:\/\/email:[^@]+@127\.0\.0\.1:4432\/email'$/m);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
