import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@nestbox/eventing/testing';
import { portOffsets } from '@nestbox/platform';
import { freePortBase } from './free-ports.js';
import { root, tools } from './tools.js';

export interface Place {
  readonly home: string;
  /** PORT_BASE */
  readonly base: number;
}

interface Attempt extends Place {
  readonly args?: readonly string[];
}

const removals: (() => void)[] = [];

/** A home of its own, and ports that nobody uses as far as one can look ahead. */
export async function takePlace(): Promise<Place> {
  const { temporaryHome } = await tools();
  const base = await freePortBase();
  const { home, remove } = await temporaryHome();
  removals.push(remove);
  return { home: join(home, 'shop'), base };
}

export function giveBackPlaces(): void {
  for (const remove of removals.splice(0)) remove();
}

/** The shop of `npm start`, started as npm does. */
export class StartedShop {
  output = '';

  private constructor(
    readonly home: string,
    readonly base: number,
    private readonly child: ReturnType<typeof launch>,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (this.output += chunk));
  }

  /** Resolves when the shop has said all that it says when it is ready. */
  static async open(attempt: Attempt): Promise<StartedShop> {
    const shop = new StartedShop(attempt.home, attempt.base, launch(attempt));
    await eventually(
      () => {
        if (!/is ready after[^]*\n +viewer +\S+\n +operator +\S+\n/.test(shop.output)) throw new Error(`The shop is not ready: ${shop.output}`);
      },
      { timeoutMs: 90_000, everyMs: 100 },
    );
    return shop;
  }

  /** The header of its operator, by the token that it has printed. */
  get operator(): { authorization: string } {
    return { authorization: `Bearer ${/^ +operator +(\S+)$/m.exec(this.output)?.[1]}` };
  }

  /** For starts that are expected to end by themselves. */
  static async attempt(attempt: Attempt): Promise<{ code: number; output: string }> {
    const shop = new StartedShop(attempt.home, attempt.base, launch(attempt));
    const [code] = await once(shop.child, 'close');
    return { code, output: shop.output };
  }

  at(app: string, path = ''): string {
    return `http://127.0.0.1:${this.base + portOffsets[app]!}${path}`;
  }

  /** The URL of its PostgreSQL, as superuser. */
  async postgres(): Promise<string> {
    const { postgres } = JSON.parse(readFileSync(join(this.home, 'passwords.json'), 'utf8')) as { postgres: string };
    return `postgres://postgres:${postgres}@127.0.0.1:${this.base + (await tools()).offsetsOf().postgres!}/postgres`;
  }

  /** Of everything that the shop has started. */
  pids(): number[] {
    const folder = join(this.home, 'run');
    return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).pid);
  }

  pidOf(name: string): number {
    return JSON.parse(readFileSync(join(this.home, 'run', `${name}.pid`), 'utf8')).pid;
  }

  async stop(signal: NodeJS.Signals): Promise<{ code: number | null }> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return { code: this.child.exitCode };
    this.child.kill(signal);
    const [code] = await once(this.child, 'exit');
    return { code };
  }
}

function launch({ home, base, args = [] }: Attempt) {
  const { PATH, HOME } = process.env;
  return spawn(process.execPath, [join(root, 'tools', 'start.mjs'), ...args], {
    cwd: root,
    env: { PATH, HOME, NESTBOX_HOME: home, PORT_BASE: String(base) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
