import { digestOf } from '@nestbox/access';
import { eventually } from '@nestbox/kernel/testing';
import { poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';

const handler = 'search.orders';
const token = 'an-admin-of-this-test';
const by = { actor: 'ada', reason: 'the index is there again' };

describe('Dead letters over HTTP', () => {
  let shop: ShopUnderPoison;
  let url = '';

  beforeEach(async () => {
    shop = new ShopUnderPoison();
    const { OrderHistory } = poisonedHandlers(shop.poison);
    await shop.start([OrderHistory], { operators: [{ name: 'ada', role: 'admin', digest: digestOf(token) }] });
    await shop.context.app.listen(0, '127.0.0.1');
    url = await shop.context.app.getUrl();
  });
  afterEach(() => shop.close());

  const ask = async <Body = Record<string, unknown>>(method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/admin/dead-letters${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    const lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Body);
    return { status: response.status, body: lines.at(-1) as Body, lines };
  };

  const park = async (...keys: string[]) => {
    shop.poison.in(keys);
    await shop.publish(...keys);
    await shop.caughtUp();
  };

  it('are listed page by page', async () => {
    await park('order-1', 'order-2', 'order-3');
    const first = await ask<{ letters: { id: string }[]; next: string }>('GET', '?limit=2');
    const second = await ask<{ letters: { id: string }[]; next?: string }>('GET', `?limit=2&after=${first.body.next}`);
    expect([first.body.letters.length, second.body.letters.length, second.body.next]).toEqual([2, 1, undefined]);
  });

  it('are found by handler, key, type, cause and time', async () => {
    await park('order-1', 'order-2');
    const [{ cause }] = (await ask<{ cause: string }[]>('GET', '/causes')).body as [{ cause: string }];
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const found = async (query: Record<string, string>) =>
      (await ask<{ letters: unknown[] }>('GET', `?${new URLSearchParams(query)}`)).body.letters.length;
    expect(await found({ handler, key: 'order-1', eventType: 'OrderPlaced', cause, parkedUntil: later })).toBe(1);
    expect(await found({ cause })).toBe(2);
    expect(await found({ parkedSince: later })).toBe(0);
    expect(await found({ handler: 'email.confirm-order' })).toBe(0);
  });

  it('are shown with their attempts, and with their bytes only where asked for', async () => {
    await park('order-1');
    const letter = (await ask<{ attempts: unknown[] }>('GET', '/1')).body;
    expect(letter).toMatchObject({
      handler,
      key: 'order-1',
      errorClass: 'TypeError',
      errorMessage: 'cannot be handled yet',
    });
    expect(letter.attempts).toHaveLength(3);
    expect(letter).not.toHaveProperty('recordValue');
    const { body } = await ask<{ key: { text: string }; value: { text: string } }>('GET', '/1/content');
    expect(body.key).toEqual({ text: 'order-1' });
    expect(JSON.parse(body.value.text)).toMatchObject({ eventType: 'OrderPlaced', data: { orderId: 'order-1' } });
  });

  it('are redriven by what is meant, telling how it goes', async () => {
    await park('order-1', 'order-1', 'order-2');
    shop.poison.mend();
    const dry = await ask('POST', '/redrive', { selection: { all: true }, ...by, dryRun: true });
    expect(dry.body).toMatchObject({
      queues: 2,
      letters: 3,
      redriven: 0,
      // Two partitions race in parking.
      first: expect.arrayContaining([
        expect.objectContaining({ handler, key: 'order-1', matching: 2 }),
        expect.objectContaining({ handler, key: 'order-2', matching: 1 }),
      ]),
    });
    expect(await shop.parkedKeys()).toEqual(['order-1', 'order-2']);

    const { body, lines } = await ask('POST', '/redrive', { selection: { handler }, ...by });
    expect(body).toMatchObject({ redriven: 3, failed: 0, done: true });
    expect(lines.length).toBeGreaterThan(1);
    expect(await shop.versionsOf(handler, 'order-1')).toEqual([1, 2]);
    expect(await shop.context.query('SELECT actor FROM nestbox.audit ORDER BY id LIMIT 1')).toEqual([
      { actor: 'ada (admin)' },
    ]);
  });

  it('that fail again stay parked and are named', async () => {
    await park('order-1');
    const { body } = await ask('POST', '/redrive', { selection: { id: '1' }, ...by });
    expect(body).toMatchObject({
      redriven: 0,
      failed: 1,
      failures: [{ id: '1', key: 'order-1', error: 'cannot be handled yet' }],
    });
  });

  it('are left where they are when whoever asked for the redrive has gone', async () => {
    const keys = Array.from({ length: 12 }, (_, n) => `order-${n}`);
    await park(...keys);
    shop.poison.mend();
    const gone = new AbortController();
    const response = await fetch(`${url}/admin/dead-letters/redrive`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ selection: { all: true }, ...by, ratePerSecond: 4 }),
      signal: gone.signal,
    });
    await response.body!.getReader().read();
    gone.abort();
    const ended = `SELECT (detail->>'redriven')::int AS redriven FROM nestbox.audit WHERE action = 'redrive-ended'`;
    const { redriven } = await eventuallyOne(() => shop.context.query<{ redriven: number }>(ended));
    expect(redriven).toBeGreaterThan(0);
    expect(redriven).toBeLessThan(keys.length);
    expect(await shop.parkedKeys()).toHaveLength(keys.length - redriven);
  });

  it('are edited, discarded and brought back', async () => {
    await park('order-1', 'order-2');
    const idOf = async (key: string) => (await shop.parked(handler)).filter((letter) => letter.key === key).at(-1)!.id;
    const [first, second] = [await idOf('order-1'), await idOf('order-2')];
    const edited = await ask<{ id: string }>('POST', `/${first}/edit`, {
      ...by,
      data: { orderId: 'order-1', totalCents: 7 },
    });
    expect([edited.status, edited.body.id]).toEqual([200, await idOf('order-1')]);
    const discarded = await ask('POST', '/discard', { selection: { id: second }, ...by });
    expect([discarded.status, discarded.body]).toEqual([200, { discarded: 1 }]);
    expect(await shop.parkedKeys()).toEqual(['order-1']);
    expect((await ask('POST', `/${second}/undo-discard`, { ...by, outOfOrder: true })).status).toBe(204);
    const parked = (await shop.parked(handler)).filter(({ status }) => status === 'parked');
    expect(parked.map(({ id }) => id).sort()).toEqual([second, edited.body.id].sort());
  });

  it.each([
    ['a redrive of nothing in particular', 'POST', '/redrive', { selection: {}, ...by }],
    ['a redrive of one letter and of all', 'POST', '/redrive', { selection: { id: '1', all: true }, ...by }],
    ['a discard without a reason', 'POST', '/discard', { selection: { all: true }, actor: 'ada' }],
    ['a discard by nobody', 'POST', '/discard', { selection: { all: true }, actor: ' ', reason: 'x' }],
    ['an edit to nothing', 'POST', '/1/edit', by],
    ['a filter that does not exist', 'GET', '?colour=blue', undefined],
    ['an id that is none', 'GET', '/first', undefined],
  ])('refuse %s', async (_what, method, path, body) => {
    expect((await ask(method, path, body)).status).toBe(400);
  });
});

async function eventuallyOne<Row>(ask: () => Promise<Row[]>): Promise<Row> {
  return eventually(async () => (await ask())[0] ?? Promise.reject(new Error('there is no row yet')));
}
