import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apps } from './apps.js';

describe('nestbox apps', () => {
  let server: Server;
  let home: string;
  let registryStatus = 200;

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      const status = url === '/registry/health/ready' ? registryStatus : 200;
      response.writeHead(status).end(JSON.stringify(status === 200 ? { status: 'ready' } : { reasons: ['the database is away'] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    home = mkdtempSync(join(tmpdir(), 'nestbox-apps-'));
    writeFileSync(join(home, 'shop.json'), JSON.stringify({ apps: { email: `${at}/email` }, registry: `${at}/registry` }));
  });
  afterAll(async () => {
    rmSync(home, { recursive: true });
    await new Promise((resolve) => server.close(resolve));
  });

  const ask = () => apps.run({ options: { app: [] }, env: { NESTBOX_HOME: home }, signal: new AbortController().signal } as never);

  it('shows the registry beside the apps that have events', async () => {
    const { text, failed } = await ask();
    expect(text).toMatch(/^email .* ready$/m);
    expect(text).toMatch(/^registry .* ready$/m);
    expect(failed).toBe(false);
  });

  it('says why the registry is not ready, and fails', async () => {
    registryStatus = 503;
    const { text, failed } = await ask();
    expect(text).toMatch(/^registry .* not ready: the database is away$/m);
    expect(failed).toBe(true);
  });
});
