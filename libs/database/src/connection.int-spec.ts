import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Test } from '@nestjs/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { connectionTo, requireOwnSessions } from './connection.js';
import { DatabaseModule, dataSourceOptions } from './database.module.js';
import { migrate } from './migrate.js';
import { scratchDatabase } from './testing/index.js';
import type { ScratchDatabase } from './testing/index.js';

const STRANGE = {
  DateStyle: 'German, DMY',
  IntervalStyle: 'sql_standard',
  TimeZone: 'Asia/Tokyo',
  bytea_output: 'escape',
  extra_float_digits: '-10',
  search_path: 'elsewhere',
};

/** Passes a connection on without its startup options, as PgBouncer does with `ignore_startup_parameters = options`. */
async function optionDropper(url: string): Promise<{ url: string; dropped: () => number; close: () => Promise<unknown> }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let dropped = 0;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.once('data', (startup) => {
      const words = startup.subarray(8).toString().split('\0');
      const at = words.indexOf('options');
      if (at >= 0) dropped += words.splice(at, 2).length / 2;
      const body = Buffer.from(words.join('\0'));
      const head = Buffer.alloc(8);
      head.writeInt32BE(body.length + 8, 0);
      startup.copy(head, 4, 4, 8);
      upstream.write(Buffer.concat([head, body]));
      client.pipe(upstream);
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: through.href, dropped: () => dropped, close };
}

describe('a connection to a database whose settings are strange', () => {
  let scratch: ScratchDatabase;
  beforeAll(async () => {
    scratch = await scratchDatabase();
    const admin = new Client({ connectionString: scratch.url });
    await admin.connect();
    await admin.query('CREATE TABLE orders (id int PRIMARY KEY, placed_at timestamptz, photo bytea, weight float8)');
    for (const [name, value] of Object.entries(STRANGE)) await admin.query(`ALTER DATABASE ${scratch.name} SET ${name} = ${admin.escapeLiteral(value)}`);
    await admin.end();
  });
  afterAll(() => scratch?.drop());

  const values = [1, new Date('2026-02-03T04:05:06.789Z'), Buffer.from([0, 1, 92, 255]), 0.1 + 0.2];

  it('reads what it has written', async () => {
    const dataSource = await new DataSource(dataSourceOptions({ url: scratch.url })).initialize();
    await dataSource.query('INSERT INTO public.orders VALUES ($1, $2, $3, $4)', values);
    const [row] = await dataSource.query<object[]>('SELECT * FROM orders');
    await dataSource.destroy();
    expect(row).toEqual({ id: 1, placed_at: values[1], photo: values[2], weight: values[3] });
  });

  it('is the same for those who connect without TypeORM, and what the URL says wins', async () => {
    const url = new URL(scratch.url);
    url.searchParams.set('options', '-c search_path=mine');
    const client = new Client(connectionTo(url.href, { options: '-c enable_sort=off' }));
    await client.connect();
    const show = async (name: string) => Object.values((await client.query(`SHOW ${name}`)).rows[0])[0];
    expect([await show('DateStyle'), await show('TimeZone'), await show('search_path'), await show('enable_sort')]).toEqual(['ISO, MDY', 'UTC', 'mine', 'off']);
    const plain = new Client({ connectionString: scratch.url });
    await plain.connect();
    expect((await plain.query('SHOW DateStyle')).rows).toEqual([{ DateStyle: STRANGE.DateStyle }]);
    await Promise.all([client.end(), plain.end()]);
  });

  it('is refused at the start, in one line, where a pooler drops its settings', async () => {
    const dropper = await optionDropper(scratch.url);
    const starting = Test.createTestingModule({ imports: [DatabaseModule.forRoot({ url: dropper.url })] }).compile();
    const app = await starting;
    await expect(app.init()).rejects.toMatchObject({ code: 'POOLER_IN_BETWEEN', message: expect.stringMatching(/^A pooler drops the startup options[^\n]*URL of PostgreSQL itself/) });
    await expect(migrate({ url: dropper.url, migrations: [] })).rejects.toMatchObject({ code: 'POOLER_IN_BETWEEN' });
    expect(dropper.dropped()).toBeGreaterThan(1);
    await app.close().catch(() => undefined);
    await dropper.close();
  });

  it('is refused where two connections are given one session, and not otherwise', async () => {
    const [one, two] = [new Client(connectionTo(scratch.url)), new Client(connectionTo(scratch.url))];
    await Promise.all([one.connect(), two.connect()]);
    await expect(requireOwnSessions(one, two)).resolves.toBeUndefined();
    await expect(requireOwnSessions(one, one)).rejects.toMatchObject({ code: 'POOLER_IN_BETWEEN', message: expect.stringContaining('transaction mode') });
    await Promise.all([one.end(), two.end()]);
  });
});
