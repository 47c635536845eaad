import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@nestbox/eventing/testing';
import { freePorts } from '../support/free-ports.js';
import { buildProcesses, PROCESSES } from '../support/processes.js';

describe('an app whose log is on a full disk', () => {
  let app: ChildProcess;
  afterEach(() => app?.kill('SIGKILL'));

  it('goes on serving', async () => {
    await buildProcesses();
    const [port] = await freePorts(1);
    const full = openSync('/dev/full', 'w');
    const env = { PATH: process.env.PATH, PORT: String(port), LOG_FORMAT: 'json' };
    app = spawn(process.execPath, [join(PROCESSES, 'talkative-app.js')], { env, stdio: ['ignore', full, full] });
    closeSync(full);
    const ask = async () => (await fetch(`http://127.0.0.1:${port}/words`)).json();
    await eventually(ask, { timeoutMs: 20_000 });
    for (let time = 0; time < 10; time++) expect(await ask()).toEqual({ pid: app.pid });
    expect(app.exitCode).toBeNull();
  });
});
