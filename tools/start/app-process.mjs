import { existsSync, renameSync, statSync } from 'node:fs';
import { logFile, repository } from '../home.mjs';
import { startProcess } from '../processes.mjs';
import { entryOf } from './apps.mjs';
import { isSerious, readLogLines } from './log-lines.mjs';
import { LogWriter } from './log-writer.mjs';
import { Supervised } from './supervise.mjs';

const largestLog = 20 * 1024 * 1024;

/**
 * An app as a process of its own: all it prints goes to its log, warnings and errors to the console too.
 * @param {{ app: string, home: string, environment: Record<string, string>, verbose: boolean,
 *   tell: (text: string) => void }} options
 */
export function superviseApp({ app, home, environment, verbose, tell }) {
  const file = logFile(home, app);
  rotate(file);
  const log = new LogWriter(file, tell);
  let lastWords = '';
  const launch = () => {
    const running = startProcess({
      name: app,
      home,
      command: process.execPath,
      args: ['--enable-source-maps', entryOf(app)],
      env: { ...inherited(), ...environment, LOG_FORMAT: 'json' },
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [running.child.stdout, running.child.stderr]) {
      if (!stream) continue;
      readLogLines(stream, (raw, line) => {
        log.write(raw);
        if (isSerious(line)) lastWords = line.text;
        if (verbose || (isSerious(line) && !isAboutReadiness(line))) tell(`${app} ${line.level}: ${line.text}`);
      });
    }
    return running;
  };
  const url = `http://127.0.0.1:${environment.PORT}/health/ready`;
  return new Supervised({
    name: app,
    launch,
    tell,
    problem: () => problemAt(url),
    lastWords: () => `${lastWords || 'no word of why'} (log: ${file})`,
  });
}

/** While an app gets ready, every look at whether it is gets logged as a 503: the progress line says that better. */
function isAboutReadiness(/** @type {import('./log-lines.mjs').LogLine} */ { text }) {
  return text.includes('/health/ready');
}

/** An app must not depend on what happens to be set in the shell: only the system's own variables go through. */
function inherited() {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'SystemRoot', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(
    names.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]),
  );
}

/** @param {string} file */
function rotate(file) {
  if (existsSync(file) && statSync(file).size > largestLog) renameSync(file, `${file}.1`);
}

/** @param {string} url @returns {Promise<string | undefined>} */
async function problemAt(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    if (response.ok) return undefined;
    const { reasons, detail } = /** @type {any} */ (await response.json().catch(() => ({})));
    return reasons?.join('; ') ?? detail ?? `health answers ${response.status}`;
  } catch {
    return 'does not answer yet';
  }
}
