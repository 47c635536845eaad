import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { processMark } from '../../broker/process-mark.js';

/** A process on this host that does nothing. Members whose ids end with its mark count as its own. */
export class OtherProcess {
  private readonly ended: Promise<unknown[]>;

  private constructor(
    private readonly child: ChildProcess,
    readonly mark: string,
  ) {
    this.ended = once(child, 'exit');
  }

  static async start(): Promise<OtherProcess> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
    await once(child, 'spawn');
    const began = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19];
    return new OtherProcess(child, processMark().replace(/\.\d+\.\d+$/, `.${child.pid}.${began}`));
  }

  standStill(): void {
    this.child.kill('SIGSTOP');
  }

  /** Resolves to the signal that has ended it. */
  async kill(): Promise<NodeJS.Signals | null> {
    this.child.kill('SIGKILL');
    const [, signal] = await this.ended;
    return signal as NodeJS.Signals | null;
  }
}
