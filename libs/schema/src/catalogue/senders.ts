import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** By command type: the apps whose source issues it. Read from source, because sending leaves no metadata. */
export function sendersIn(appsFolder: string): Map<string, string[]> {
  const senders = new Map<string, string[]>();
  const apps = readdirSync(appsFolder).filter((app) => existsSync(join(appsFolder, app, 'src')));
  for (const app of apps.sort()) {
    const text = sourcesIn(join(appsFolder, app, 'src')).join('\n');
    const types = new Set([...text.matchAll(/\bissue\((\w+)\b/g)].map(([, type]) => type!));
    for (const type of types) senders.set(type, [...(senders.get(type) ?? []), app]);
  }
  return senders;
}

function sourcesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(({ name }) => /(?<!spec)\.ts$/.test(name));
  return files.map((file) => readFileSync(join(file.parentPath ?? file.path, file.name), 'utf8'));
}
