import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './database.module.js';
import { CuttingProxy, scratchDatabase } from './testing/index.js';
import type { ScratchDatabase } from './testing/index.js';
import { UnitOfWork } from './unit-of-work.js';

describe('the unit of work', () => {
  let scratch: ScratchDatabase;
  let observer: Client;
  let dataSource: DataSource;
  let unitOfWork: UnitOfWork;

  const open = async (url: string) => new DataSource(dataSourceOptions({ url, poolSize: 5 })).initialize();

  beforeAll(async () => {
    scratch = await scratchDatabase();
    observer = new Client({ connectionString: scratch.url });
    await observer.connect();
    await observer.query('CREATE TABLE orders (id int PRIMARY KEY, note text)');
    await observer.query('CREATE TABLE payments (order_id int REFERENCES orders DEFERRABLE INITIALLY DEFERRED)');
    dataSource = await open(scratch.url);
    unitOfWork = new UnitOfWork(dataSource);
  });
  afterEach(() => observer.query('TRUNCATE orders, payments'));
  afterAll(async () => {
    await observer.end();
    await dataSource.destroy();
    await scratch.drop();
  });

  const insert = (id: number, note = '') => ({
    name: 'insert-order',
    text: 'INSERT INTO orders (id, note) VALUES ($1, $2)',
    values: [id, note],
  });
  const stored = async () => (await observer.query('SELECT id FROM orders ORDER BY id')).rows.map(({ id }) => id);

  it('commits what was written in it, joined units included, in one transaction', async () => {
    const ids = await unitOfWork.run(async () => {
      unitOfWork.write(insert(1));
      await unitOfWork.run(async () => unitOfWork.write(insert(2)));
      return unitOfWork.query('SELECT DISTINCT xmin::text FROM orders');
    });

    expect(await stored()).toEqual([1, 2]);
    expect(ids).toHaveLength(1);
  });

  it('is one of its own for each app in a process, also inside that of another', async () => {
    const other = new UnitOfWork(dataSource);
    const transactionOf = async (work: UnitOfWork) => (await work.query('SELECT pg_current_xact_id()::text AS id'))[0];
    await unitOfWork.run(async () => {
      const mine = await transactionOf(unitOfWork);
      expect(other.isActive()).toBe(false);
      await other.run(async () => {
        expect(await transactionOf(other)).not.toEqual(mine);
        expect(await unitOfWork.run(() => transactionOf(unitOfWork))).toEqual(mine);
      });
      expect(other.isActive()).toBe(false);
      expect(await transactionOf(unitOfWork)).toEqual(mine);
    });
  });

  it('leaves nothing behind when the work throws', async () => {
    const work = unitOfWork.run(async () => {
      unitOfWork.write(insert(1));
      await unitOfWork.query('SELECT 1');
      throw new Error('the card was declined');
    });

    await expect(work).rejects.toThrow('the card was declined');
    expect(await stored()).toEqual([]);
  });

  it('keeps the order of statements, whoever sends them and however they are gathered', async () => {
    const notes = await unitOfWork.run(async () => {
      for (let id = 1; id <= 300; id++) unitOfWork.write(insert(id, 'first'));
      unitOfWork.write({ text: `UPDATE orders SET note = 'second' WHERE note = 'first'` });
      for (let id = 301; id <= 400; id++) unitOfWork.write(insert(id, 'third'));
      return unitOfWork.manager.query('SELECT note, count(*)::int AS n FROM orders GROUP BY note ORDER BY note');
    });

    expect(notes).toEqual([
      { note: 'second', n: 300 },
      { note: 'third', n: 100 },
    ]);
  });

  it('fails as a whole when one write that nobody awaited fails, with the error of that write', async () => {
    const work = unitOfWork.run(async () => {
      unitOfWork.write(insert(1));
      unitOfWork.write(insert(1));
      unitOfWork.write(insert(2));
    });

    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await stored()).toEqual([]);
  });

  it('names the failed write, not the statement after it that found the transaction aborted', async () => {
    const work = unitOfWork.run(async () => {
      unitOfWork.write(insert(1));
      unitOfWork.write(insert(1));
      await unitOfWork.query('SELECT 1');
    });

    await expect(work).rejects.toMatchObject({ code: '23505' });
  });

  it('takes a COMMIT that is answered with ROLLBACK for the failure that it is', async () => {
    const work = unitOfWork.run(async () => {
      unitOfWork.write(insert(1));
      // A handler that swallows a database error leaves a transaction that can only be rolled back.
      await unitOfWork.query('SELECT 1/0').catch(() => undefined);
    });

    await expect(work).rejects.toMatchObject({ code: 'TRANSACTION_ROLLED_BACK' });
    expect(await stored()).toEqual([]);
  });

  it('reports a constraint that only COMMIT finds broken as a definite no', async () => {
    const work = unitOfWork.run(async () => {
      unitOfWork.write({ text: 'INSERT INTO payments VALUES (99)' });
    });

    await expect(work).rejects.toMatchObject({ code: '23503' });
  });

  it('says that the outcome is unknown when the connection dies while COMMIT is under way', async () => {
    const proxy = await CuttingProxy.before(scratch.url);
    const flaky = await open(proxy.urlFor(scratch.url));
    const work = new UnitOfWork(flaky);
    const outcome = work.run(async () => {
      await work.query('INSERT INTO orders (id) VALUES (1)');
      proxy.cutAnswerTo('COMMIT');
    });

    await expect(outcome).rejects.toMatchObject({ code: 'COMMIT_OUTCOME_UNKNOWN' });
    expect(proxy.cuts).toBe(1);
    // Only the answer was lost: a retry with a new id would store the order twice.
    expect(await stored()).toEqual([1]);
    await flaky.destroy();
    await proxy.close();
  });

  it('puts a connection that was terminated out of the pool and goes on with others', async () => {
    const work = unitOfWork.run(async () => {
      const [{ pid }] = (await unitOfWork.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
      await observer.query('SELECT pg_terminate_backend($1)', [pid]);
      await unitOfWork.query('SELECT 1');
    });

    await expect(work).rejects.toThrow();
    await unitOfWork.run(async () => unitOfWork.write(insert(1)));
    expect(await stored()).toEqual([1]);
  });

  it('lets a burst of units queue up instead of timing out in the pool', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, id) => unitOfWork.run(async () => unitOfWork.write(insert(id)))));

    expect(await stored()).toHaveLength(200);
  });

  it('refuses a write outside of it', () => {
    expect(() => unitOfWork.write(insert(1))).toThrow(expect.objectContaining({ code: 'NO_UNIT_OF_WORK' }));
  });
});
