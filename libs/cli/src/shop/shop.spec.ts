import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAll, findApps, findRegistry } from './shop.js';

describe('the apps that the shell talks to', () => {
  let folder = '';
  const at = (...chosen: string[]) => addresses(findApps(chosen, {}, join(folder, 'apps', 'email')));
  const addresses = (apps: ReturnType<typeof findApps>) => Object.fromEntries(apps.map(({ name, url }) => [name, url]));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nestbox-shop-'));
    mkdirSync(join(folder, '.nestbox'));
    const apps = { checkout: 'http://127.0.0.1:3001', email: 'http://127.0.0.1:3006' };
    writeFileSync(join(folder, '.nestbox', 'shop.json'), JSON.stringify({ apps }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are those of the shop that runs in this folder or above', () => {
    expect(at()).toEqual({ checkout: 'http://127.0.0.1:3001', email: 'http://127.0.0.1:3006' });
  });

  it('are all of them, the registry too, for whoever only asks whether they are ready', () => {
    const shop = { apps: { email: 'http://127.0.0.1:3006' }, registry: 'http://127.0.0.1:3009' };
    writeFileSync(join(folder, '.nestbox', 'shop.json'), JSON.stringify(shop));
    expect(addresses(findAll([], {}, folder))).toEqual({ ...shop.apps, registry: shop.registry });
    expect(addresses(findAll(['registry'], {}, folder))).toEqual({ registry: shop.registry });
    expect(addresses(findApps([], {}, folder))).toEqual(shop.apps);
  });

  it('are only those that --app names, at the address that it gives', () => {
    expect(at('email')).toEqual({ email: 'http://127.0.0.1:3006' });
    expect(at('email=https://email.example/', 'checkout')).toEqual({
      email: 'https://email.example',
      checkout: 'http://127.0.0.1:3001',
    });
  });

  it('are those of the environment rather than of the folder', () => {
    const apps = findApps([], { NESTBOX_APPS: 'search=https://search.example, email=https://email.example' }, folder);
    expect(addresses(apps)).toEqual({ search: 'https://search.example', email: 'https://email.example' });
  });

  it.each(['cellar', 'email=file:///etc/passwd', '=http://127.0.0.1', 'email=3006'])('are none called %j', (entry) => {
    expect(() => at(entry)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining('is no app') }),
    );
  });

  it('are missed with one line that says how to name them', () => {
    expect(() => findApps([], { NESTBOX_HOME: join(folder, 'elsewhere') })).toThrow(
      /No shop is known here: run "npm start", or/,
    );
  });
});

describe('the registry that the shell talks to', () => {
  it('gets the shop’s token only when it is the shop’s', () => {
    const home = mkdtempSync(join(tmpdir(), 'nestbox-shop-'));
    writeFileSync(join(home, 'shop.json'), JSON.stringify({ apps: {}, registry: 'http://127.0.0.1:3009' }));
    writeFileSync(join(home, 'tokens.json'), JSON.stringify({ operator: 'operator-token-of-the-shop' }));
    const env = { NESTBOX_HOME: home };
    const own = { url: 'http://127.0.0.1:3009', token: 'operator-token-of-the-shop' };
    expect(findRegistry(undefined, env)).toEqual(own);
    const elsewhere = 'https://registry.example';
    expect(findRegistry(elsewhere, env)).toEqual({ url: elsewhere });
    expect(findRegistry(undefined, { ...env, SCHEMA_REGISTRY_URL: elsewhere })).toEqual({ url: elsewhere });
    rmSync(home, { recursive: true });
  });

  it('is missed, or refused, with one line', () => {
    expect(() => findRegistry(undefined, { NESTBOX_HOME: join(tmpdir(), 'nowhere') })).toThrow(/No registry is known here/);
    expect(() => findRegistry('ftp://registry', {})).toThrow(/must read http/);
  });
});
