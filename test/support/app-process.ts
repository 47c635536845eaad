import { readFileSync } from 'node:fs';
import { eventually } from '@nestbox/eventing/testing';
import { root, tools } from './tools.js';
import type { Ended, RunningProcess } from './tools.js';

export interface AppProcessOptions {
  readonly app: string;
  readonly port: number;
  readonly home: string;
  /** The script and its arguments. */
  readonly script: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Longer than it takes until a client asks again that has had no answer (65 s), or is replaced (120 s): late is not lost. */
export const FIRST_READY_MS = 150_000;

/** One app in a process of its own, which can be killed, paused and started again on the same port. */
export class AppProcess {
  private running?: RunningProcess;
  private log = '';
  private configuration: Readonly<Record<string, string>> = {};

  constructor(private readonly options: AppProcessOptions) {}

  get name(): string {
    return this.options.app;
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  get pid(): number {
    return this.running!.child.pid!;
  }

  /** How the process has ended, or will. */
  get ended(): Promise<Ended> {
    return this.running!.ended;
  }

  /** Further variables from the next start on. */
  configure(variables: Readonly<Record<string, string>>): void {
    this.configuration = variables;
  }

  /** `script` instead of its own, once: the same app with something about it that only tests want. */
  async start(script: readonly string[] = this.options.script): Promise<void> {
    const { app, port, home, environment } = this.options;
    const { startProcess, logFile } = await tools();
    this.log = logFile(home, `${app}-${port}`);
    this.running = startProcess({
      name: `${app}-${port}`,
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
      if (!this.running!.running()) throw new Error(`${this.name} has ended:\n${this.lastWords()}`);
      const { status, body } = await this.get('/health/ready');
      if (status !== 200) throw new Error(`${this.name} is not ready: ${JSON.stringify(body)}\n${this.lastWords()}`);
    };
    await eventually(problem, { timeoutMs, everyMs: 100 });
  }

  /** Without a chance to finish anything. */
  async kill(): Promise<Ended> {
    this.running!.child.kill('SIGKILL');
    return this.ended;
  }

  /** In good order: leases and partitions are given back. */
  async stop(): Promise<Ended> {
    await this.running!.stop('SIGTERM', 20_000);
    return this.ended;
  }

  pause(): void {
    this.running!.child.kill('SIGSTOP');
  }

  resume(): void {
    this.running!.child.kill('SIGCONT');
  }

  async get<Body = unknown>(path: string): Promise<{ status: number; body: Body }> {
    const response = await fetch(this.url + path, { signal: AbortSignal.timeout(10_000) });
    return { status: response.status, body: (await response.json()) as Body };
  }

  async send<Body = unknown>(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
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
