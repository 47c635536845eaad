import { setMaxListeners } from 'node:events';
import { killEverything } from '../processes.mjs';

const oneKeyPress = 1_000;
const lookAtParentMs = 500;

/**
 * The first Ctrl-C, SIGTERM or SIGHUP asks for an orderly stop, the second kills.
 * @param {{ onFirst: (reason: string) => void, onSecond: () => void }} callbacks reason: the signal, or whose end
 * @returns {AbortSignal} aborted by the first
 */
export function interruption({ onFirst, onSecond }) {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let first = 0;
  const listener = (/** @type {string} */ reason) => {
    if (first === 0) {
      first = performance.now();
      controller.abort();
      onFirst(reason);
      return;
    }
    // Under npm one Ctrl-C comes twice: from the terminal and passed on by npm.
    if (performance.now() - first < oneKeyPress) return;
    killEverything();
    onSecond();
    process.exit(130);
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, listener);
  // An npm that was killed passes nothing on: its going is a SIGTERM too.
  const parent = process.ppid;
  const watch = () => process.ppid === parent || controller.signal.aborted || listener('the end of npm');
  if (process.env.npm_lifecycle_event) setInterval(watch, lookAtParentMs).unref();
  // A bug here must not leave processes behind either.
  process.on('exit', killEverything);
  return controller.signal;
}
