import { connect } from 'node:net';
import { join } from 'node:path';
import { logFile, repository } from '../home.mjs';
import { startProcess } from '../processes.mjs';
import { Supervised } from './supervise.mjs';

/** @param {{ home: string, port: number, tell: (text: string) => void }} options */
export function superviseMailCatcher({ home, port, tell }) {
  const log = logFile(home, 'smtp');
  const launch = () =>
    startProcess({
      name: 'smtp',
      home,
      log,
      command: process.execPath,
      args: [join(repository, 'tools', 'start', 'mail-catcher-process.mjs')],
      env: { ...process.env, SMTP_PORT: String(port), MAILS_FILE: mailsFile(home) },
    });
  return new Supervised({
    name: 'mail catcher',
    launch,
    tell,
    problem: () => problemAt(port),
    lastWords: () => `see ${log}`,
  });
}

/** @param {string} home */
export function mailsFile(home) {
  return join(home, 'mails.ndjson');
}

/** @param {number} port @returns {Promise<string | undefined>} */
function problemAt(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end();
      resolve(undefined);
    });
    socket.once('error', () => resolve('does not answer yet'));
  });
}
