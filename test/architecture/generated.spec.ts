import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portOffsets } from '@nestbox/platform';

interface App {
  readonly name: string;
  readonly port: number;
  readonly events: boolean;
}

interface Generator {
  readApps(folder?: string): App[];
  offsetsOf(apps?: App[]): Record<string, number>;
  staleTexts(apps: App[]): Map<string, string>;
  lockedIds(ids: { app: string; locked: string[]; present: string[]; removed?: string[] }): string[];
}

const root = process.cwd();

describe('what follows from apps/<app>/app.json', () => {
  let tools: Generator;
  beforeAll(async () => {
    const all = {};
    // Paths in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
    for (const file of ['apps.mjs', 'ports.mjs', 'generate/texts.mjs', 'generate/handlers.mjs']) {
      Object.assign(all, await import(join(root, 'tools', file)));
    }
    tools = all as Generator;
  });

  it('is as "npm run generate" writes it', () => {
    expect([...tools.staleTexts(tools.readApps()).keys()]).toEqual([]);
    expect(tools.offsetsOf()).toMatchObject(portOffsets);
  });

  it('changes everywhere with one more app', () => {
    const gifts = { name: 'gifts', port: 20, about: 'gifts', events: true, compose: { RIBBON: "Ada's" } };
    const texts = tools.staleTexts([...tools.readApps(), gifts]);
    expect(texts.get('libs/platform/src/config/ports.ts')).toContain('  gifts: 20,\n};');
    expect(texts.get('docker-compose.yml')).toMatch(/\n {2}gifts:\n[^]*127\.0\.0\.1:3020:3020[^]*postgres:5432\/keys\n {6}RIBBON: 'Ada''s'\n {2}# End of it/);
    expect(texts.get('prometheus/prometheus.yml')).toContain('          - gifts:3020\n          # End of it.');
    expect(JSON.parse(texts.get('nest-cli.json')!).projects.gifts).toMatchObject({ root: 'apps/gifts', entryFile: 'main' });
  });

  it('knows which apps have events', () => {
    for (const { name, events } of tools.readApps()) {
      const module = readFileSync(join(root, 'apps', name, 'src', `${name}.module.ts`), 'utf8');
      expect([name, events]).toEqual([name, module.includes('EventingModule')]);
    }
  });

  it.each([
    [undefined, 'apps/loyalty/app.json is missing: write {'],
    ['{"port":"10"}', 'apps/loyalty/app.json has no port: write {'],
    ['{"port":10,"prot":1}', 'apps/loyalty/app.json says "prot", which nobody reads'],
    ['port: 10', 'apps/loyalty/app.json is no JSON'],
  ])('is asked for in one line where the file says %s', (text, fault) => {
    const folder = mkdtempSync(join(tmpdir(), 'nestbox-apps-'));
    mkdirSync(join(folder, 'loyalty', 'src'), { recursive: true });
    writeFileSync(join(folder, 'loyalty', 'src', 'main.ts'), '');
    if (text !== undefined) writeFileSync(join(folder, 'loyalty', 'app.json'), text);
    expect(() => tools.readApps(folder)).toThrow(fault);
    rmSync(folder, { recursive: true });
  });

  it('gives no port twice', () => {
    const taken = { name: 'gifts', port: 25, events: true };
    expect(() => tools.offsetsOf([taken])).toThrow('apps/gifts/app.json takes port 25, which is that of smtp: take another');
  });

  describe('of handler ids', () => {
    const app = 'search';
    const locked = ['search.index-orders', 'search.index-products'];

    it('is a lock that new ones are added to', () => {
      expect(tools.lockedIds({ app, locked, present: ['search.count-words', ...locked] })).toEqual(['search.count-words', ...locked]);
    });

    it('does not let one be renamed without a word', () => {
      const renamed = ['search.index-orders-again', 'search.index-products'];
      expect(() => tools.lockedIds({ app, locked, present: renamed })).toThrow(
        /^apps\/search\/handlers\.lock\.json: no handler is called search\.index-orders any more\..*npm run generate -- --remove search\.index-orders"$/,
      );
      expect(tools.lockedIds({ app, locked, present: renamed, removed: ['search.index-orders'] })).toEqual(renamed);
    });
  });
});
