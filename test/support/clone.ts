import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { eventually } from '@nestbox/eventing/testing';
import { root, tools } from './tools.js';

const LEFT_OUT = new Set(['node_modules', 'dist', 'coverage', '.git', '.nestbox']);

/** A copy of the repository that a test may change, build and start; it borrows the installed packages. */
export class Clone {
  private readonly started: ReturnType<typeof spawn>[] = [];

  private constructor(
    readonly folder: string,
    private readonly home: string,
    readonly base: number,
    private readonly removeHome: () => void,
  ) {}

  static async make(base: number): Promise<Clone> {
    const { temporaryHome } = await tools();
    const { home, remove } = await temporaryHome();
    const clone = new Clone(join(home, 'clone'), join(home, 'shop'), base, remove);
    const filter = (path: string) => !LEFT_OUT.has(basename(path));
    await cp(root, clone.folder, { recursive: true, preserveTimestamps: true, filter });
    await clone.borrowPackages();
    return clone;
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, file)), { recursive: true });
    await writeFile(join(this.folder, file), text, { flag: 'wx' });
  }

  async edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.folder, file);
    await writeFile(path, change(await readFile(path, 'utf8')));
  }

  /** Runs `npm …` to its end; throws with all that it said when it fails. */
  async run(command: string): Promise<string> {
    const { child, output } = this.npm(command);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`"${command}" ended with ${code}:\n${output()}`);
    return output();
  }

  /** Starts `npm …` and leaves it running once it has said this. */
  async start(command: string, readyWhen: string): Promise<void> {
    const { child, output } = this.npm(command);
    this.started.push(child);
    await eventually(
      () => {
        if (!output().includes(readyWhen)) throw new Error(`"${command}" is not ready:\n${output()}`);
      },
      { timeoutMs: 120_000, everyMs: 100 },
    );
  }

  async remove(): Promise<void> {
    for (const child of this.started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    await rm(this.folder, { recursive: true, force: true });
    this.removeHome();
  }

  /** Every package but our own: those must be the clone's. */
  private async borrowPackages(): Promise<void> {
    const packages = join(this.folder, 'node_modules');
    await mkdir(join(packages, '@nestbox'), { recursive: true });
    for (const name of await readdir(join(root, 'node_modules'))) {
      if (name !== '@nestbox') await symlink(join(root, 'node_modules', name), join(packages, name));
    }
    for (const lib of await readdir(join(this.folder, 'libs'))) {
      await symlink(join(this.folder, 'libs', lib), join(packages, '@nestbox', lib));
    }
  }

  private npm(command: string) {
    const [name, ...args] = command.split(/\s+/);
    if (name !== 'npm') throw new Error(`Only npm is run here, not "${command}".`);
    const { PATH, HOME, TMPDIR, KAFKA_BROKERS, npm_execpath: npm } = process.env;
    const [file, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
    const child = spawn(file, [...before, ...args], {
      cwd: this.folder,
      env: { PATH, HOME, TMPDIR, KAFKA_BROKERS, NESTBOX_HOME: this.home, PORT_BASE: String(this.base) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    return { child, output: () => said };
  }
}
