import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adopt, identityOf } from '../support/adopted.js';
import { tools } from '../support/tools.js';
import type { RunningProcess } from '../support/tools.js';

// A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
const tool = join(process.cwd(), 'tools', 'test', 'shops.mjs');
const endShops: (home: string) => void = (await import(tool)).endShops;

describe('a shop that outlives the file that started it', () => {
  let home = '';
  let checkout: RunningProcess;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'nestbox-shops-'));
    const { startProcess } = await tools();
    const [name, shop] = ['checkout', join(home, 'shop-postgres')];
    mkdirSync(shop);
    const args = ['-e', 'setInterval(() => {}, 1000)'];
    checkout = startProcess({ name, home: shop, log: join(home, 'log'), command: process.execPath, args, env: {} });
  });
  afterEach(async () => {
    await checkout.stop('SIGKILL');
    rmSync(home, { recursive: true });
  });

  it('is ended with the run, whoever has started what of it', async () => {
    endShops(home);
    expect(await checkout.ended).toMatchObject({ signal: 'SIGKILL' });
  });

  it('costs no stranger his life who has come by one of its pids', async () => {
    writeFileSync(join(home, 'shop-postgres', 'run', 'checkout.pid'), JSON.stringify({ pid: checkout.child.pid, startTime: 'boot:1' }));
    writeFileSync(join(home, 'shop-postgres', 'run', 'email.pid'), '{"pid":');
    endShops(home);
    // The first signal counts.
    checkout.child.kill('SIGTERM');
    expect(await checkout.ended).toMatchObject({ signal: 'SIGTERM' });
  });

  it('can be taken over: the next file sees how its processes end, and what by', async () => {
    const adopted = await adopt(await identityOf(checkout.child.pid!));
    expect(adopted.running()).toBe(true);
    const { ended } = adopted;
    expect(adopted.child.kill('SIGKILL')).toBe(true);
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect(adopted.running()).toBe(false);
  });

  it('had nobody to kill when a process had ended by itself', async () => {
    const adopted = await adopt(await identityOf(checkout.child.pid!));
    await checkout.stop('SIGKILL');
    expect(adopted.child.kill('SIGKILL')).toBe(false);
    expect(await adopted.ended).toEqual({ code: null, signal: null });
    await expect(identityOf(checkout.child.pid!)).rejects.toThrow(`There is no process ${checkout.child.pid} any more.`);
  });
});
