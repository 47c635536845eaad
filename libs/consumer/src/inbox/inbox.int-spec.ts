import { dataSourceOptions, UnitOfWork } from '@nestbox/database';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { uuid7 } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import { eventingMigrations } from '@nestbox/messaging';
import { CommitNotifier } from '@nestbox/projections';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { Inbox } from './inbox.js';
import { firstIdAt, InboxPruner } from './inbox-pruner.js';

describe('claiming an event', () => {
  let scratch: ScratchDatabase;
  let dataSource: DataSource;
  let unitOfWork: UnitOfWork;
  let signal: CommitNotifier;
  let inbox: Inbox;
  let observer: Client;

  beforeAll(async () => {
    scratch = await scratchDatabase(eventingMigrations);
    dataSource = await new DataSource(dataSourceOptions({ url: scratch.url })).initialize();
    unitOfWork = new UnitOfWork(dataSource);
    inbox = new Inbox(unitOfWork, dataSource);
    signal = new CommitNotifier(dataSource, inbox);
    observer = new Client({ connectionString: scratch.url });
    await observer.connect();
    await observer.query('CREATE TABLE effects (event_id uuid, by text)');
  });
  afterAll(async () => {
    await observer.end();
    await signal.onModuleDestroy();
    await dataSource.destroy();
    await scratch.drop();
  });

  const effectOnce = (eventId: string, by: string, then: () => Promise<void> = async () => undefined) =>
    unitOfWork.run(async () => {
      const fresh = await inbox.claim('email.confirm-order', [eventId]);
      if (fresh.has(eventId)) unitOfWork.write({ text: 'INSERT INTO effects VALUES ($1, $2)', values: [eventId, by] });
      await then();
    });
  const effectsOf = async (eventId: string) =>
    (await observer.query('SELECT by FROM effects WHERE event_id = $1', [eventId])).rows.map(({ by }) => by);
  const waiting = async () => {
    const { rows } = await observer.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(rows[0].n).toBe(1);
  };

  /** A transaction with a claim that stays open until the test commits or rolls it back. */
  const heldOpen = () => {
    let end!: (error?: Error) => void;
    let reach!: () => void;
    const ended = new Promise<void>((resolve, reject) => {
      end = (error) => (error ? reject(error) : resolve());
    });
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    return { ended, end, reached, hold: () => (reach(), ended) };
  };

  it('lets a second deliverer wait for the first, and skip when that committed', async () => {
    const eventId = uuid7();
    const first = heldOpen();
    const firstRun = effectOnce(eventId, 'first', first.hold);
    await first.reached;
    const secondRun = effectOnce(eventId, 'second');
    await eventually(waiting);
    first.end();
    await Promise.all([firstRun, secondRun]);

    expect(await effectsOf(eventId)).toEqual(['first']);
  });

  it('lets a second deliverer take over when the first rolled back', async () => {
    const eventId = uuid7();
    const first = heldOpen();
    const firstRun = effectOnce(eventId, 'first', first.hold);
    await first.reached;
    const secondRun = effectOnce(eventId, 'second');
    await eventually(waiting);
    first.end(new Error('the first one fails'));
    await expect(firstRun).rejects.toThrow('the first one fails');
    await secondRun;

    expect(await effectsOf(eventId)).toEqual(['second']);
  });

  it('makes ten deliveries at once one effect, where looking first and writing later makes several', async () => {
    const [eventId, naiveId] = [uuid7(), uuid7()];
    await Promise.all(Array.from({ length: 10 }, (_, n) => effectOnce(eventId, `deliverer ${n}`)));

    let lookers = 0;
    const allLooked = heldOpen();
    const lookThenWrite = (by: string) =>
      unitOfWork.run(async () => {
        const rows = await unitOfWork.query('SELECT 1 FROM effects WHERE event_id = $1', [naiveId]);
        if (++lookers === 3) allLooked.end();
        await allLooked.ended;
        if (rows.length === 0) unitOfWork.write({ text: 'INSERT INTO effects VALUES ($1, $2)', values: [naiveId, by] });
      });
    await Promise.all(['a', 'b', 'c'].map(lookThenWrite));

    expect(await effectsOf(eventId)).toHaveLength(1);
    expect(await effectsOf(naiveId)).toHaveLength(3);
  });

  it('claims per handler: another handler of the same event is not held back', async () => {
    const eventId = uuid7();
    const claim = (handler: string) => unitOfWork.run(() => inbox.claim(handler, [eventId]));

    expect((await claim('analytics.revenue')).size).toBe(1);
    expect((await claim('search.orders')).size).toBe(1);
    expect((await claim('search.orders')).size).toBe(0);
  });

  it.each([
    ['30 days, by default', undefined, 30],
    ['as many days as the option says', 60, 60],
  ])('remembers claims for %s, and those without a time for ever', async (_for, rememberDays, days) => {
    const aged = (age: number) => firstIdAt(Date.now() - age * 86_400_000);
    const [old, recent, foreign] = [aged(days + 1), aged(days - 1), '00000000-0000-4000-8000-000000000000'];
    const claim = () => unitOfWork.run(() => inbox.claim(`search.remember-${days}`, [old, recent, foreign]));
    await claim();
    await new InboxPruner({ context: 'search', topics: [], rememberDays }, dataSource).prune();

    expect([...(await claim())]).toEqual([old]);
  });
});
