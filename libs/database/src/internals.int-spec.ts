import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './database.module.js';
import { sqlState } from './database.error.js';
import { CuttingProxy, scratchDatabase } from './testing/index.js';
import type { ScratchDatabase } from './testing/index.js';
import { UnitOfWork } from './unit-of-work.js';

const PRIVATE = ['connection', 'releasePostgresConnection'];

/** Hides private members from our code; the library itself still sees them. */
function hiding<T extends object>(target: T, replaced: Partial<T> = {}): T {
  return new Proxy(target, {
    get(_, name) {
      if (PRIVATE.includes(String(name))) return undefined;
      if (name in replaced) return replaced[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (_, name, value) => Reflect.set(target, name, value, target),
  });
}

function hidden(dataSource: DataSource): DataSource {
  const createQueryRunner: DataSource['createQueryRunner'] = (mode) => {
    const runner = dataSource.createQueryRunner(mode);
    return hiding(runner, { connect: async () => hiding((await runner.connect()) as PoolClient) });
  };
  return hiding(dataSource, { createQueryRunner });
}

const insert = (id: number) => ({ name: 'insert-order', text: 'INSERT INTO orders (id) VALUES ($1)', values: [id] });

describe.each([
  ['as they are', (dataSource: DataSource) => dataSource],
  ['hidden', hidden],
])('private parts of TypeORM and pg, %s', (_how, seen) => {
  let scratch: ScratchDatabase;
  let dataSource: DataSource;
  let unitOfWork: UnitOfWork;

  const open = (url: string) => new DataSource(dataSourceOptions({ url, poolSize: 3 })).initialize();
  const stored = async () => (await dataSource.query<{ id: number }[]>('SELECT id FROM orders ORDER BY id')).map(({ id }) => id);

  beforeAll(async () => {
    scratch = await scratchDatabase();
    dataSource = await open(scratch.url);
    unitOfWork = new UnitOfWork(seen(dataSource));
  });
  beforeEach(() => dataSource.query('DROP TABLE IF EXISTS orders; CREATE TABLE orders (id int PRIMARY KEY)'));
  afterAll(async () => {
    await dataSource.destroy();
    await scratch.drop();
  });

  it('store what was written, in one transaction, and give the connection back', async () => {
    for (let turn = 0; turn < 10; turn++) {
      await unitOfWork.run(async () => {
        for (let n = 0; n < 3; n++) unitOfWork.write(insert(10 * turn + n));
        expect(await stored()).toHaveLength(3 * turn);
      });
    }
    expect(await stored()).toHaveLength(30);
  });

  it('store nothing when one write fails, and tell of that one', async () => {
    const failed = await unitOfWork
      .run(async () => {
        for (const id of [1, 2, 1, 3]) unitOfWork.write(insert(id));
      })
      .catch(sqlState);
    expect(failed).toBe('23505');
    expect(await stored()).toEqual([]);
  });

  it('keep what TypeORM does inside a transaction of ours in it', async () => {
    await unitOfWork
      .run(async () => {
        await unitOfWork.manager.transaction((manager) => manager.query('INSERT INTO orders (id) VALUES (1)'));
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(await stored()).toEqual([]);
  });

  it('take a connection that broke out of the pool', async () => {
    const proxy = await CuttingProxy.before(scratch.url);
    const cutOff = await open(proxy.urlFor(scratch.url));
    const work = new UnitOfWork(seen(cutOff));
    try {
      const broken = work.run(async () => {
        proxy.cutAnswerTo('SELECT 2');
        await work.query('SELECT 2');
      });
      await expect(broken).rejects.toThrow();
      expect(await work.run(() => work.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    } finally {
      await cutOff.destroy();
      await proxy.close();
    }
  });
});
