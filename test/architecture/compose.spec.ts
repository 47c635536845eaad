import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { knownVariables, loadConfig } from '@nestbox/platform';
import type { Settings } from '@nestbox/platform';
import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Record<string, string | number>;
  readonly depends_on?: Record<string, unknown>;
}

const root = process.cwd();
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { services }: { services: Record<string, Service> } = parse(read('docker-compose.yml'), { merge: true });

const built = Object.entries(services).filter(([, service]) => service.build !== undefined);
const apps = readdirSync(join(root, 'apps'));

/** Values as compose sees them with nothing set around it. */
const environmentOf = (service: Service): Record<string, string> =>
  Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [
      name,
      String(value)
        .replace(/\$\{\w+:\+(?:\$\{\w+\}|[^{}])*\}/g, '')
        .replace(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]),
  );

/** With what has to be set around it. */
const operated = (app: string) => ({ ...environmentOf(services[app]!), NESTBOX_OPERATORS: `ada:admin:${'0'.repeat(64)}`, ORDER_SECRETS_KEY: '0'.repeat(32) });

/** What single apps are told beside what all are told. */
async function settingsOf(app: string): Promise<Settings | undefined> {
  const file = join(root, 'apps', app, 'src', `${app}.settings.ts`);
  return existsSync(file) ? ((await import(file)) as { settings: Settings }).settings : undefined;
}

const isPinned = (image: string) => /@sha256:[0-9a-f]{64}$/.test(image) || /:v?\d+\.\d+(\.\d+)?([-.\w]*)$/.test(image);

describe('docker-compose.yml and its Dockerfile', () => {
  it('pins every image that it takes from elsewhere', () => {
    const taken = Object.values(services).flatMap(({ image, build }) => (image && !build ? [image] : []));
    expect(taken.length).toBeGreaterThanOrEqual(3);
    expect(taken.filter((image) => !isPinned(image))).toEqual([]);
  });

  it('would notice an image that floats', () => {
    expect(['postgres', 'postgres:latest', 'apache/kafka:4'].filter(isPinned)).toEqual([]);
  });

  it('pins every image that it builds on', () => {
    const stages = new Set([...read('Dockerfile').matchAll(/ AS (\S+)/g)].map(([, name]) => name));
    const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image!);
    expect(bases.filter((image) => !stages.has(image) && !isPinned(image))).toEqual([]);
  });

  it('installs for every lib of the house', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY libs\/(\S+)\/package\.json libs\/\1\/$/gm)].map(([, lib]) => lib!);
    expect(copied.sort()).toEqual(readdirSync(join(root, 'libs')).sort());
  });

  it('runs every app of the house only when asked for apps', () => {
    for (const app of apps) expect(services[app]?.profiles).toEqual(['apps']);
  });

  it('sets no variable for an app that no config knows', async () => {
    const own = await Promise.all(apps.map(async (app) => Object.keys((await settingsOf(app))?.variables ?? {})));
    const known: string[] = [...knownVariables, ...own.flat()];
    const names = built.flatMap(([, service]) => Object.keys(service.environment ?? {}));
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('gives every app all that its config asks for but its operators', async () => {
    for (const app of apps) {
      const settings = await settingsOf(app);
      expect(() => loadConfig(environmentOf(services[app]!), app, settings)).toThrow('NESTBOX_OPERATORS is not set');
      expect(() => loadConfig(operated(app), app, settings)).not.toThrow();
    }
  });

  it('lets every app that has to do with events at the keys of personal data', () => {
    const keyless = apps.filter((app) => loadConfig(operated(app), app).subjectKeysUrl === undefined);
    expect(keyless).toEqual(['registry']);
  });

  it('keeps these keys in a database of their own', () => {
    const urls = apps.flatMap((app) => loadConfig(operated(app), app).subjectKeysUrl ?? []);
    expect(new Set(urls.map((url) => new URL(url).pathname))).toEqual(new Set(['/keys']));
  });

  it('depends only on services that it has', () => {
    const wanted = Object.values(services).flatMap(({ depends_on: others }) => Object.keys(others ?? {}));
    expect(wanted.filter((name) => services[name] === undefined)).toEqual([]);
  });
});
