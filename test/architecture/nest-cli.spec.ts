import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.cwd();
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const roots = ['apps', 'libs'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}`));

describe('nest-cli.json', () => {
  const { projects }: { projects: Record<string, { root: string; sourceRoot: string; type: string }> } = read('nest-cli.json');

  it('knows every app and every lib', () => {
    expect(Object.values(projects).map((project) => project.root)).toEqual(expect.arrayContaining(roots));
  });

  it('names nothing that does not exist', () => {
    const missing = Object.values(projects).filter(({ sourceRoot }) => !existsSync(join(root, sourceRoot)));
    expect(missing).toEqual([]);
  });

  it('calls what is in apps an application and what is in libs a library', () => {
    for (const project of Object.values(projects)) {
      expect(project.type).toBe(project.root.startsWith('apps/') ? 'application' : 'library');
    }
  });
});
