import { digestOf } from '@nestbox/access';
import { eventually } from '@nestbox/kernel/testing';
import { poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import { ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import type { GroupStatus } from './consumers.controller.js';

const token = 'an-operator-of-this-test';
const by = { actor: 'ada', reason: 'the disk is being replaced' };

describe('The doors of the outbox and the consumers', () => {
  let shop: ShopUnderPoison;
  let url = '';

  beforeAll(async () => {
    shop = new ShopUnderPoison();
    const { OrderHistory } = poisonedHandlers(shop.poison);
    await shop.start([OrderHistory], { operators: [{ name: 'ada', role: 'operator', digest: digestOf(token) }], relay: { pollMs: 20 } });
    await shop.context.app.listen(0, '127.0.0.1');
    url = await shop.context.app.getUrl();
  });
  afterAll(() => shop.close());

  const ask = async <Body>(method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/admin/${path}`, { method, headers, body: body && JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Body };
  };

  it('say who publishes and what waits, and pause and resume it', async () => {
    await eventually(async () => {
      const { body } = await ask('GET', 'outbox');
      expect(body).toMatchObject({
        events: { waiting: 0, refused: 0 },
        leases: [{ slice: 0, alive: true }],
        paused: null,
      });
    });
    expect(await ask('POST', 'outbox/pause', by)).toEqual({ status: 200, body: { changed: true } });
    expect((await ask('GET', 'outbox')).body).toMatchObject({ paused: { actor: 'ada (operator)', reason: by.reason } });
    expect(await ask('POST', 'outbox/resume', by)).toEqual({ status: 200, body: { changed: true } });
    expect((await ask('GET', 'outbox')).body).toMatchObject({ paused: null });
  });

  it('say how far each group has read, and pause and resume its handlers', async () => {
    await shop.publish('order-1');
    await shop.caughtUp();
    const [before] = (await ask<[GroupStatus]>('GET', 'consumers')).body;
    expect(before).toMatchObject({
      group: 'checkout',
      problem: null,
      paused: null,
      handlers: [{ id: 'search.orders', paused: null }],
    });
    expect(before.partitions!.every(({ lag }) => lag === 0)).toBe(true);

    await ask('POST', 'consumers/pause', { ...by, handler: 'search.orders' });
    await shop.publish('order-2');
    const [during] = (await ask<[GroupStatus]>('GET', 'consumers')).body;
    expect(during.handlers).toMatchObject([{ id: 'search.orders', paused: { actor: 'ada (operator)' } }]);
    expect(during.partitions!.reduce((sum, { lag }) => sum + lag, 0)).toBe(1);
    await ask('POST', 'consumers/resume', { ...by, handler: 'search.orders' });
    await shop.caughtUp();
  });

  it('refuse a pause of nothing, of two things, and without a reason', async () => {
    const answers = [by, { ...by, group: 'checkout', handler: 'search.orders' }, { actor: 'ada', group: 'checkout' }];
    for (const body of answers) expect((await ask('POST', 'consumers/pause', body)).status).toBe(400);
  });

  it('leave every act in the audit, newest first', async () => {
    const { body } = await ask<{ id: string }[]>('GET', 'audit?limit=2');
    expect(body).toMatchObject([
      {
        action: 'resume',
        actor: 'ada (operator)',
        reason: by.reason,
        detail: { kind: 'handler', name: 'search.orders' },
      },
      { action: 'pause' },
    ]);
    expect((await ask('GET', `audit?limit=1&before=${body[1]!.id}`)).body).toMatchObject([
      { action: 'resume', detail: { kind: 'outbox' } },
    ]);
  });
});
