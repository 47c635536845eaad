import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
const tool = join(process.cwd(), 'tools', 'start', 'install.mjs');
const install: (signal: AbortSignal, folder: string) => Promise<void> = (await import(tool)).install;

describe('the install of npm start', () => {
  it('is that of its own folder, also where a package.json above takes it for a workspace', async () => {
    const above = mkdtempSync(join(tmpdir(), 'nestbox-install-'));
    const folder = join(above, 'shop');
    const write = (at: string, name: string, content: object) => writeFileSync(join(at, name), JSON.stringify(content));
    mkdirSync(folder);
    write(above, 'package.json', { name: 'above', version: '1.0.0', workspaces: ['shop'] });
    const shop = { name: 'shop', version: '1.0.0' };
    write(folder, 'package.json', shop);
    write(folder, 'package-lock.json', { ...shop, lockfileVersion: 3, requires: true, packages: { '': shop } });
    await expect(install(new AbortController().signal, folder)).resolves.toBeUndefined();
    rmSync(above, { recursive: true });
  });
});
