import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '@nestbox/eventing/testing';
import { root } from './tools.js';

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line in a shell at the root of the repository, with an environment of its own. */
export class Shell {
  private stdout = '';
  private stderr = '';
  private readonly child: ReturnType<typeof spawn>;
  /** Resolves when it has ended. */
  readonly ended: Promise<Said>;

  constructor(
    readonly command: string,
    environment: Readonly<Record<string, string>>,
  ) {
    const { PATH, HOME, TMPDIR } = process.env;
    // A group of its own, as a terminal gives it: Ctrl-C goes to all of it.
    this.child = spawn('sh', ['-c', command], {
      cwd: root,
      env: { PATH, HOME, TMPDIR, ...environment },
      detached: true,
    });
    this.child.stdout!.on('data', (chunk) => (this.stdout += chunk));
    this.child.stderr!.on('data', (chunk) => (this.stderr += chunk));
    this.ended = once(this.child, 'close').then(([code]) => ({ code, stdout: this.stdout, stderr: this.stderr }));
  }

  async hasTold(pattern: RegExp): Promise<void> {
    await eventually(() => expect(this.stdout + this.stderr).toMatch(pattern), { timeoutMs: 20_000, everyMs: 20 });
  }

  pressCtrlC(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }
}
