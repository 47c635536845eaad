import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './database.module.js';
import { scratchDatabase } from './testing/index.js';
import type { ScratchDatabase } from './testing/index.js';

const QUIET_MS = 150;

/** Collects the server's bytes until it pauses, and forwards them in one packet. */
function hesitantProxy(url: string): Server {
  const { hostname, port } = new URL(url);
  return createServer((client: Socket) => {
    const server = connect(Number(port), hostname);
    let held: Buffer[] = [];
    let timer: NodeJS.Timeout;
    const flush = () => client.write(Buffer.concat(held.splice(0)));
    server.on('data', (bytes) => {
      held = [...held, bytes];
      clearTimeout(timer);
      timer = setTimeout(flush, QUIET_MS);
    });
    client.on('data', (bytes) => server.write(bytes));
    for (const socket of [client, server]) socket.on('error', () => undefined);
    server.on('close', () => setTimeout(() => client.destroy(), 2 * QUIET_MS));
    client.on('close', () => server.destroy());
  });
}

describe('a connection of the pool', () => {
  let scratch: ScratchDatabase;
  let observer: Client;
  let proxy: Server;

  beforeAll(async () => {
    scratch = await scratchDatabase();
    observer = new Client({ connectionString: scratch.url });
    await observer.connect();
    proxy = hesitantProxy(scratch.url);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => proxy.close(resolve));
    await observer.end();
    await scratch.drop();
  });

  it('may be ended in the packet that welcomes it: its taker gets an error, and the process lives', async () => {
    const through = Object.assign(new URL(scratch.url), { host: `127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    const options = { url: through.toString(), applicationName: 'just-arrived', poolSize: 1 };
    let ended = 0;
    let opened = false;
    const endEach = async () => {
      for (; !opened; await pause(10)) {
        const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'just-arrived'`;
        ended += (await observer.query(sql)).rowCount ?? 0;
      }
    };
    const opening = new DataSource(dataSourceOptions(options)).initialize().finally(() => (opened = true));
    await Promise.all([expect(opening).rejects.toThrow(/terminat|not queryable|Connection/), endEach()]);
    expect(ended).toBeGreaterThan(0);
  });
});
