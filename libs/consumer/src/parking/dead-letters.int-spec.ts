import { eventually } from '@nestbox/kernel/testing';
import { poisonedHandlers } from '../../../../test/support/eventing/poison.fixture.js';
import { record, ShopUnderPoison } from '../../../../test/support/eventing/shop-under-poison.fixture.js';
import { Redriver } from './redriver.js';

const handler = 'inventory.reserve-stock';
const by = { actor: 'ada', reason: 'the handler has been mended' };

/** A handler waits at this gate until the test opens it. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let arrive!: () => void;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  return { open, arrived, pass: () => (arrive(), opened) };
}

describe('dead letters', () => {
  let shop: ShopUnderPoison;
  beforeEach(async () => {
    shop = new ShopUnderPoison();
    await shop.start([poisonedHandlers(shop.poison).ReserveStock]);
  });
  afterEach(() => shop.close());

  const parkKey = async (key: string, events = 3) => {
    shop.poison.in([key]);
    await shop.publish(...Array.from({ length: events }, () => key));
    await shop.caughtUp();
    return (await shop.parked(handler)).filter((letter) => letter.key === key).map(({ id }) => id);
  };
  const versions = (key: string) => shop.versionsOf(handler, key);
  const audit = () =>
    shop.context.query<{ action: string; actor: string; reason: string; letters: string[]; detail: object }>(
      'SELECT action, actor, reason, letters::text[], detail FROM nestbox.audit ORDER BY id',
    );

  describe('redrive', () => {
    it('says in a dry run what it would do, and does nothing', async () => {
      await parkKey('order-1');
      shop.poison.mend();
      const report = await shop.letters.redrive({ handler }, { ...by, dryRun: true });

      expect(report).toMatchObject({ queues: [{ handler, key: 'order-1', matching: 3 }], redriven: 0 });
      expect(await versions('order-1')).toEqual([]);
      expect(await audit()).toEqual([]);
    });

    it('of one event takes the head of its key, and refuses any other, naming the head', async () => {
      const [first, second] = await parkKey('order-1');
      shop.poison.mend();

      await expect(shop.letters.redrive({ id: second! }, by)).rejects.toMatchObject({
        code: 'DEAD_LETTER_NOT_HEAD', message: expect.stringContaining(`behind ${first},`),
      });
      await shop.letters.redrive({ id: first! }, by);
      await shop.letters.redrive({ id: second! }, by);
      expect(await versions('order-1')).toEqual([1, 2]);
      expect(await shop.parkedKeys()).toEqual(['order-1']);
      await expect(shop.letters.redrive({ id: first! }, by)).rejects.toMatchObject({ code: 'DEAD_LETTER_CLOSED' });
    });

    it('hands over nothing that is closed, or is no longer the head of its key', async () => {
      const [first, second] = await parkKey('order-1');
      shop.poison.mend();
      // As when an undo puts a dead letter before one that a redrive has just found at the head.
      const redriver = shop.context.app.get(Redriver);
      expect(await redriver.redrive(second!, null)).toEqual({ end: 'none' });
      expect(await versions('order-1')).toEqual([]);

      expect(await redriver.redrive(first!, null)).toEqual({ end: 'redriven', id: first });
      expect(await redriver.redrive(first!, null)).toEqual({ end: 'none' });
      expect(await versions('order-1')).toEqual([1]);
    });

    it('stops a key at an event that fails again, keeps the attempt, and goes on with the other keys', async () => {
      await parkKey('order-1');
      await parkKey('order-2');
      shop.poison.in(['order-1'], 2);
      const report = await shop.letters.redrive({ handler }, by);

      expect(report).toMatchObject({ redriven: 4, failed: [{ key: 'order-1', error: 'cannot be handled yet' }] });
      expect(await versions('order-1')).toEqual([1]);
      expect(await versions('order-2')).toEqual([1, 2, 3]);
      expect(await shop.parkedKeys()).toEqual(['order-1']);
      const again = await shop.letters.get(report.failed[0]!.id);
      expect(again).toMatchObject({ status: 'parked', reason: 'failed', aggregateVersion: 2, attempts: [{ errorClass: 'TypeError' }] });
    });

    it('of a cause takes the keys that it stopped, and no others', async () => {
      await parkKey('order-1');
      shop.poison.be(() => {
        throw new RangeError('another fault');
      });
      await shop.publish('order-2');
      await shop.caughtUp();
      const causes = await shop.letters.causes({ handler });
      expect(causes.map(({ letters, keys }) => [letters, keys])).toEqual([[1, 1], [1, 1]]);

      shop.poison.mend();
      const cause = causes.map((each) => each.cause).find((text) => text.startsWith('TypeError'))!;
      await shop.letters.redrive({ cause }, by);
      expect(await versions('order-1')).toEqual([1, 2, 3]);
      expect(await versions('order-2')).toEqual([]);
    });

    it('twice at once has each effect once, in order', async () => {
      await parkKey('order-1', 20);
      await parkKey('order-2', 20);
      shop.poison.mend();
      const other = await shop.start([poisonedHandlers(shop.poison).ReserveStock]);
      const letters = [shop.letters, shop.letters, other.app.get(shop.letters.constructor) as typeof shop.letters];
      const reports = await Promise.all(letters.map((each) => each.redrive({ handler }, by)));

      expect(reports.reduce((sum, { redriven }) => sum + redriven, 0)).toBe(40);
      expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
      const all = Array.from({ length: 20 }, (_, n) => n + 1);
      expect([await versions('order-1'), await versions('order-2')]).toEqual([all, all]);
      expect(await shop.parkedKeys()).toEqual([]);
    });

    it('lets an event of the key that arrives while its last letter is with the handler wait, and come after it', async () => {
      await parkKey('order-1', 1);
      const { open, arrived, pass } = gate();
      shop.poison.be(({ key, aggregateVersion }) => (key === 'order-1' && aggregateVersion === 1 ? pass() : undefined));
      const redriving = shop.letters.redrive({ handler }, by);
      await arrived;
      await shop.publish('order-1', 'order-2');
      await eventually(async () => expect(await versions('order-2')).toEqual([1]));
      open();
      await redriving;
      await shop.caughtUp();

      expect(await versions('order-1')).toEqual([1, 2]);
      expect(await shop.parkedKeys()).toEqual([]);
    });

    it('while events keep arriving loses none, doubles none and keeps their order', async () => {
      await parkKey('order-1', 5);
      shop.poison.mend();
      const arriving = (async () => {
        for (let n = 0; n < 60; n++) await shop.publish('order-1', 'order-2');
      })();
      const redriving = (async () => {
        for (let n = 0; n < 20; n++) await shop.letters.redrive({ handler }, by);
      })();
      await Promise.all([arriving, redriving]);
      await shop.caughtUp();
      await shop.letters.redrive({ handler }, by);

      expect(await versions('order-1')).toEqual(Array.from({ length: 65 }, (_, n) => n + 1));
      expect(await versions('order-2')).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
      expect(await shop.parkedKeys()).toEqual([]);
    });

    it('goes no faster than it is told to', async () => {
      await parkKey('order-1', 6);
      shop.poison.mend();
      const begin = performance.now();
      await shop.letters.redrive({ handler }, { ...by, ratePerSecond: 20 });
      expect(performance.now() - begin).toBeGreaterThan(240);
    });

    it('decodes again what could not be read, and skips what another record with its id has done meanwhile', async () => {
      const broken = record('order-1', 1, { data: { orderId: 'order-1' } });
      await shop.publishRaw('order-1', broken.value, broken.headers);
      await shop.publish('order-1');
      await shop.caughtUp();
      const failing = await shop.letters.redrive({ handler }, by);
      expect(failing.failed).toMatchObject([{ error: expect.stringContaining('totalCents') }]);

      const [head] = await shop.parked(handler);
      await shop.letters.edit(head!.id, { data: { orderId: 'order-1', totalCents: 7 } }, by);
      await shop.letters.redrive({ handler }, by);
      expect(await shop.context.effects(handler)).toMatchObject([{ event_id: JSON.parse(broken.value).eventId }, {}]);
      expect(await shop.parkedKeys()).toEqual([]);
    });

    it('by nobody, or for no reason, is refused', async () => {
      await parkKey('order-1');
      for (const anonymous of [{ actor: '', reason: 'because' }, { actor: 'ada', reason: '  ' }]) {
        await expect(shop.letters.redrive({ handler }, anonymous)).rejects.toMatchObject({ code: 'DEAD_LETTER_REASON_MISSING' });
        await expect(shop.letters.discard({ handler }, anonymous)).rejects.toMatchObject({ code: 'DEAD_LETTER_REASON_MISSING' });
      }
    });
  });

  describe('edit', () => {
    it("puts a copy, linked to the original and with the event's id, into the original's place", async () => {
      const [head] = await parkKey('order-1');
      const copy = await shop.letters.edit(head!, { data: { orderId: 'order-1', totalCents: 1 } }, by);
      shop.poison.mend();
      await shop.letters.redrive({ handler }, by);

      expect(await versions('order-1')).toEqual([1, 2, 3]);
      const [original, edited] = [await shop.letters.get(head!), await shop.letters.get(copy)];
      expect(original.status).toBe('edited');
      expect(edited).toMatchObject({ status: 'redriven', editedFrom: head, eventId: original.eventId, key: 'order-1' });
      expect(JSON.parse(edited.recordValue!.toString()).data).toEqual({ orderId: 'order-1', totalCents: 1 });
    });

    it.each([
      ['data that break the contract', { data: { orderId: 'order-1', totalCents: 'many' } }],
      ['another key', { data: { orderId: 'order-2', totalCents: 1 } }],
      ['what is no envelope', { value: 'not json' }],
      ['another event', { value: record('order-1', 1).value }],
    ])('refuses %s', async (_what, change) => {
      const [head] = await parkKey('order-1');
      await expect(shop.letters.edit(head!, change, by)).rejects.toMatchObject({ code: 'DEAD_LETTER_EDIT_INVALID' });
      expect(await shop.letters.get(head!)).toMatchObject({ status: 'parked' });
    });
  });

  describe('discard', () => {
    it('lets the key go on without the event', async () => {
      const [head] = await parkKey('order-1');
      shop.poison.mend();
      await shop.letters.discard({ id: head! }, by);
      await shop.letters.redrive({ handler }, by);
      await shop.publish('order-1');
      await shop.caughtUp();
      expect(await versions('order-1')).toEqual([2, 3, 4]);
    });

    it('of the last one frees the key', async () => {
      await parkKey('order-1');
      shop.poison.mend();
      expect(await shop.letters.discard({ key: 'order-1' }, { ...by, dryRun: true })).toBe(3);
      expect(await shop.letters.discard({ key: 'order-1' }, by)).toBe(3);
      expect(await shop.parkedKeys()).toEqual([]);
    });

    it('undone in time puts the event back in its place', async () => {
      const [head] = await parkKey('order-1');
      shop.poison.mend();
      await shop.letters.discard({ id: head! }, by);
      await shop.letters.undoDiscard(head!, by);
      await shop.letters.redrive({ handler }, by);
      expect(await versions('order-1')).toEqual([1, 2, 3]);
    });

    it('is not undone once later events have been handled, unless out of order is said to be well', async () => {
      const [head] = await parkKey('order-1');
      shop.poison.mend();
      await shop.letters.discard({ id: head! }, by);
      await shop.letters.redrive({ handler }, by);
      await expect(shop.letters.undoDiscard(head!, by)).rejects.toMatchObject({ code: 'DEAD_LETTER_UNDO_TOO_LATE' });

      await shop.letters.undoDiscard(head!, { ...by, outOfOrder: true });
      await shop.letters.redrive({ id: head! }, by);
      expect(await versions('order-1')).toEqual([2, 3, 1]);
    });

    it('is not undone after a day', async () => {
      const [head] = await parkKey('order-1');
      await shop.letters.discard({ id: head! }, by);
      await shop.context.query(`UPDATE nestbox.dead_letters SET closed_at = now() - interval '25 hours' WHERE id = $1`, [head]);
      await expect(shop.letters.undoDiscard(head!, by)).rejects.toMatchObject({ code: 'DEAD_LETTER_UNDO_TOO_LATE' });
    });
  });

  it('are listed page by page, by handler, key, type, cause, status and time', async () => {
    await parkKey('order-1');
    await parkKey('order-2', 2);
    const first = await shop.letters.list({ handler }, { limit: 3 });
    const second = await shop.letters.list({ handler }, { limit: 3, after: first.next });
    expect([first.letters.length, second.letters.length, second.next]).toEqual([3, 2, undefined]);

    const count = async (filter: object) => (await shop.letters.list(filter)).letters.length;
    expect(await count({ key: 'order-2' })).toBe(2);
    expect(await count({ eventType: 'OrderPlaced' })).toBe(2);
    expect(await count({ status: 'redriven' })).toBe(0);
    expect(await count({ parkedSince: new Date(Date.now() + 60_000) })).toBe(0);
    expect(await count({ parkedUntil: new Date(Date.now() + 60_000), cause: first.letters[0]!.cause! })).toBe(2);
    for (const id of ['0', '999', "1' OR true", '1e3', '99999999999999999999']) {
      await expect(shop.letters.get(id)).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
    }
  });

  it('leave an audit row for every action, in a table that cannot be changed', async () => {
    const [head] = await parkKey('order-1');
    const copy = await shop.letters.edit(head!, { data: { orderId: 'order-1', totalCents: 1 } }, by);
    await shop.letters.discard({ id: copy }, by);
    await shop.letters.undoDiscard(copy, by);
    shop.poison.mend();
    await shop.letters.redrive({ key: 'order-1' }, by);

    expect((await audit()).map(({ action, letters }) => [action, letters])).toEqual([
      ['edit', [head]], ['discard', [copy]], ['undo-discard', [copy]], ['redrive', []], ['redrive-ended', []],
    ]);
    expect((await audit())[3]).toMatchObject({ ...by, detail: { selection: { key: 'order-1' } } });
    for (const change of ['UPDATE nestbox.audit SET actor = \'eve\'', 'DELETE FROM nestbox.audit', 'TRUNCATE nestbox.audit CASCADE']) {
      await expect(shop.context.query(change)).rejects.toThrow('append-only');
    }
  });
});
