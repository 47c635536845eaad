import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { minVersion } from 'semver';
import { codeIn } from '../readme-code.js';

type Ranges = Record<string, string>;
interface Manifest {
  readonly name: string;
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
}
interface Lib {
  readonly folder: string;
  readonly place: string;
  readonly manifest: Manifest;
}

const root = process.cwd();
// Paths in variables: the tools are plain JavaScript, which the compiler is not asked to read.
const [libsTool, packTool] = ['libs.mjs', 'pack.mjs'].map((tool) => join(root, 'tools', 'packages', tool));
const { publishedLibs, closureOf }: { publishedLibs(root: string): Lib[]; closureOf(names: string[], libs: Lib[]): Lib[] } = await import(libsTool!);
const { pack }: { pack(root: string, libs: Lib[], destination: string): Promise<Map<string, string>> } = await import(packTool!);
const house = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;

/** Everything that a compiler can be told to be strict about, on our declarations, too. */
const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  moduleDetection: 'force',
  outDir: 'out',
  rootDir: 'src',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: false,
};

/** Which versions of what is not ours: those of this repository, or the oldest that our packages say they work with. */
export type Choice = 'tried here' | 'oldest';

/** A folder outside of the repository, with an app in it that has our packages from their tarballs and nothing else of us. */
export class OutsideApp {
  private constructor(
    private readonly source: string,
    readonly folder: string,
    readonly libs: readonly Lib[],
  ) {}

  /** Installs what a folder of `outside` imports, and what that needs. */
  static async install(name: string, choice: Choice): Promise<OutsideApp> {
    const source = join(root, 'test/packages/outside', name, 'main.ts');
    const imported = [...(await readFile(source, 'utf8')).matchAll(/ from '(@[\w-]+\/[\w-]+)/g)].map(([, from]) => from!);
    const libs = closureOf(imported, publishedLibs(root));
    const app = new OutsideApp(source, await mkdtemp(join(tmpdir(), 'nestbox-outside-')), libs);
    try {
      await app.write(choice);
    } catch (error) {
      await app.remove();
      throw error;
    }
    return app;
  }

  /** Compiles the app, and the examples of the READMEs with it; returns what the compiler said. */
  compile(): Promise<string> {
    return this.run('node_modules/.bin/tsc', []);
  }

  start(environment: Record<string, string>, ...args: string[]): Promise<string> {
    return this.run(process.execPath, ['out/main.js', ...args], environment);
  }

  /** What npm makes of the ranges that packages declare: fails where one is not kept. */
  async installed(): Promise<Record<string, { version: string }>> {
    return (JSON.parse(await this.run('npm', ['ls', '--json'])) as { dependencies: Record<string, { version: string }> }).dependencies;
  }

  has(name: string): boolean {
    return existsSync(join(this.folder, 'node_modules', name));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  private async write(choice: Choice): Promise<void> {
    await mkdir(join(this.folder, 'tarballs'));
    await mkdir(join(this.folder, 'src'));
    const tarballs = await pack(root, [...this.libs], join(this.folder, 'tarballs'));
    const ours = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]));
    const manifest = { private: true, type: 'module', dependencies: { ...ours, ...this.others(choice) } };
    await writeFile(join(this.folder, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(this.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
    await cp(this.source, join(this.folder, 'src/main.ts'));
    for (const { folder, place } of this.libs) {
      const examples = codeIn(await readFile(join(folder, 'README.md'), 'utf8'));
      for (const [n, code] of examples.entries()) await writeFile(join(this.folder, 'src', `${place.split('/').pop()}-${n}.ts`), code);
    }
    await this.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']);
  }

  /** The app's own: what our packages leave to it, and what it is compiled with. */
  private others(choice: Choice): Ranges {
    const isOptional = ({ peerDependenciesMeta = {} }: Manifest, name: string) => peerDependenciesMeta[name]?.optional === true;
    const asked = this.libs.flatMap(({ manifest }) => [
      ...Object.entries(manifest.peerDependencies ?? {}).filter(([name]) => !isOptional(manifest, name)),
      // What a package brings itself is the newest that fits, unless the app asks for an older one.
      ...Object.entries(choice === 'oldest' ? (manifest.dependencies ?? {}) : {}).filter(([name]) => !name.startsWith('@nestbox/')),
    ]);
    const known: Ranges = { ...house.dependencies, ...house.devDependencies };
    const own = ['@nestjs/core', '@nestjs/platform-express', 'rxjs', 'typeorm', 'zod', 'typescript', '@types/node'].map((name): [string, string] => [name, known[name]!]);
    const chosen = asked.map(([name, range]): [string, string] => [name, choice === 'oldest' ? minVersion(range)!.version : known[name]!]);
    return Object.fromEntries([...own, ...chosen]);
  }

  private async run(command: string, args: string[], environment: Record<string, string> = {}): Promise<string> {
    const { PATH, HOME, TMPDIR } = process.env;
    const env = { PATH, HOME, TMPDIR, ...environment };
    const done = promisify(execFile)(command, args, { cwd: this.folder, env, maxBuffer: 64 << 20, timeout: 120_000 });
    return done.then(
      ({ stdout }) => stdout,
      ({ message, stdout, stderr }) => Promise.reject(new Error(`${message}\n${stdout}\n${stderr}`)),
    );
  }
}
