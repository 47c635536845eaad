import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { eventually } from '@nestbox/eventing/testing';
import { adopt, identityOf } from './adopted.js';
import type { Identity } from './adopted.js';
import { root, tools } from './tools.js';
import type { Ended, RunningProcess } from './tools.js';
import { asAdmin } from './tokens.js';

export interface AppProcessOptions {
  readonly app: string;
  readonly port: number;
  readonly home: string;
  /** The script and its arguments. */
  readonly script: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What is needed to go on with an app that somebody else has started. */
export interface AppHandedOn {
  readonly app: string;
  readonly port: number;
  readonly process: Identity;
}

/** Longer than it takes until a client asks again that has had no answer (65 s), or is replaced (120 s): late is not lost. */
export const FIRST_READY_MS = 150_000;

/** A kept connection may be closed by the app, idle or stopping, at the moment when it is used again. */
const FRESH = { connection: 'close' };

/** One app in a process of its own, which can be killed, paused and started again on the same port. */
export class AppProcess {
  private process?: RunningProcess;
  private log = '';
  private configuration: Readonly<Record<string, string>> = {};
  /** Started as it is, with nothing about it that only one test wants. */
  private isPlain = true;

  constructor(private readonly options: AppProcessOptions) {}

  get name(): string {
    return this.options.app;
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  get pid(): number {
    return this.process!.child.pid!;
  }

  /** How the process has ended, or will. */
  get ended(): Promise<Ended> {
    return this.process!.ended;
  }

  /** Further variables from the next start on. */
  configure(variables: Readonly<Record<string, string>>): void {
    this.configuration = variables;
  }

  async adopt(identity: Identity): Promise<void> {
    const { app, port, home } = this.options;
    this.log = (await tools()).logFile(home, `${app}-${port}`);
    this.process = await adopt(identity);
  }

  /** Throws unless it is as others expect to find it. */
  async handOn(): Promise<AppHandedOn> {
    if (!this.isPlain) throw new Error(`${this.name} is not what it was`);
    await this.ready(20_000);
    // This file's process may end before it.
    this.process!.child.unref();
    return { app: this.options.app, port: this.options.port, process: await identityOf(this.pid) };
  }

  running(): boolean {
    return this.process?.running() ?? false;
  }

  /** `script` instead of its own, once: the same app with something about it that only tests want. */
  async start(script: readonly string[] = this.options.script): Promise<void> {
    const { app, port, home, environment } = this.options;
    const { startProcess, logFile } = await tools();
    this.log = logFile(home, `${app}-${port}`);
    this.isPlain = script === this.options.script && Object.keys(this.configuration).length === 0;
    this.process = startProcess({
      // Whoever started it before forgets that one when it has ended, and only that one.
      name: `${app}-${port}-${randomUUID().slice(0, 8)}`,
      home,
      log: this.log,
      command: process.execPath,
      args: [...script],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: 'development',
        PORT: String(port),
        ...environment,
        ...this.configuration,
      },
    });
  }

  async ready(timeoutMs = 60_000): Promise<void> {
    const problem = async () => {
      if (!this.process!.running()) throw new Error(`${this.name} has ended:\n${this.lastWords()}`);
      const { status, body } = await this.get('/health/ready');
      if (status !== 200) throw new Error(`${this.name} is not ready: ${JSON.stringify(body)}\n${this.lastWords()}`);
    };
    await eventually(problem, { timeoutMs, everyMs: 100 });
  }

  /** Without a chance to finish anything. */
  async kill(): Promise<Ended> {
    this.process!.child.kill('SIGKILL');
    return this.ended;
  }

  /** In good order: leases and partitions are given back. */
  async stop(): Promise<Ended> {
    await this.process!.stop('SIGTERM', 20_000);
    return this.ended;
  }

  pause(): void {
    this.process!.child.kill('SIGSTOP');
  }

  resume(): void {
    this.process!.child.kill('SIGCONT');
  }

  async get<Body = unknown>(path: string): Promise<{ status: number; body: Body }> {
    const response = await fetch(this.url + path, { headers: { ...FRESH, ...asAdmin }, signal: AbortSignal.timeout(10_000) });
    return { status: response.status, body: (await response.json()) as Body };
  }

  async send<Body = unknown>(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...FRESH, ...asAdmin, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  }

  /** All that it has said since it was started first. */
  said(): string {
    return readFileSync(this.log, 'utf8');
  }

  lastWords(): string {
    return readFileSync(this.log, 'utf8').split('\n').slice(-12).join('\n');
  }
}

/** An app of the house as it was built. */
export function asBuilt(app: string): string[] {
  return [`${root}/dist/apps/${app}/main.js`];
}
