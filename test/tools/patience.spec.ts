import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { RunningProcess } from '../support/tools.js';

interface Supervised {
  stop(): Promise<void>;
}
interface Charge {
  readonly name: string;
  readonly launch: () => RunningProcess;
  readonly problem: () => Promise<undefined>;
  readonly tell: (text: string) => void;
  readonly lastWords: () => string;
}

// Paths in variables: the tools are plain JavaScript, which the compiler is not asked to read.
const tools = join(process.cwd(), 'tools');
const { startProcess } = await import(join(tools, 'processes.mjs'));
const { Supervised } = (await import(join(tools, 'start', 'supervise.mjs'))) as { Supervised: new (charge: Charge) => Supervised };

describe('npm start that stops an app', () => {
  let home = '';
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'nestbox-patience-'))));
  afterEach(() => {
    jest.useRealTimers();
    rmSync(home, { recursive: true });
  });

  it('waits 30 s for it to finish what it handles, and kills it only then', async () => {
    const busy = `process.on('SIGTERM', () => console.log('finishing')); setInterval(() => {}, 1000); console.log('up')`;
    const app = startProcess({ name: 'checkout', home, command: process.execPath, args: ['-e', busy], stdio: ['ignore', 'pipe', 'inherit'] });
    await once(app.child.stdout, 'data');
    const nothing = async () => undefined;
    const supervised = new Supervised({ name: 'checkout', launch: () => app, problem: nothing, tell: () => undefined, lastWords: () => '' });

    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const stopped = supervised.stop();
    expect(String((await once(app.child.stdout, 'data'))[0])).toBe('finishing\n');
    // Longer than an app takes to leave by itself.
    jest.advanceTimersByTime(29_999);
    expect(app.child.killed && app.running()).toBe(true);
    expect(app.child.signalCode).toBeNull();
    jest.advanceTimersByTime(1);
    await stopped;
    expect(await app.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
