const ONE_KEY_PRESS_MS = 1_000;

/** Aborted by the first Ctrl-C or SIGTERM; the second kills the process. npm sends one key press twice. */
export function interruption(onFirst: () => void): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const listener = () => {
    if (controller.signal.aborted && performance.now() - first > ONE_KEY_PRESS_MS) process.exit(130);
    if (controller.signal.aborted) return;
    first = performance.now();
    onFirst();
    controller.abort();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return controller.signal;
}
