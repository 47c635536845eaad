const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
// In a log file every line stays: there, details come more rarely.
const quietMs = 2_000;

/**
 * What a command tells while it works: finished lines stay, and on a terminal the last line shows what goes on.
 * @param {NodeJS.WriteStream} stream
 */
export function progressOn(stream) {
  /** @type {Map<string, { since: number, detail: string }>} */
  const running = new Map();
  const terminal = stream.isTTY === true;
  let frame = 0;
  let status = '';
  // A reader that went away (a closed terminal, `| head`) must not end what is supervised here.
  stream.on('error', () => undefined);

  const clear = () => {
    if (terminal && status) stream.write('\r\u001b[K');
  };
  const draw = () => {
    if (!terminal) return;
    clear();
    const parts = [...running].map(([name, { since, detail }]) => `${name}${detail && ` ${detail}`} ${seconds(since)}`);
    status =
      parts.length > 0 ? `${frames[frame++ % frames.length]} ${parts.join(' · ')}`.slice(0, stream.columns - 1) : '';
    if (status) stream.write(status);
  };
  const ticker = terminal ? setInterval(draw, 100).unref() : undefined;

  const line = (/** @type {string} */ text) => {
    clear();
    stream.write(`${text}\n`);
    status = '';
    draw();
  };

  return {
    line,
    /**
     * @template T
     * @param {string} name
     * @param {(say: (detail: string) => void) => Promise<T>} work
     * @returns {Promise<T>}
     */
    async step(name, work) {
      const entry = { since: performance.now(), detail: '', told: performance.now() };
      running.set(name, entry);
      if (!terminal) stream.write(`  ${name} …\n`);
      const say = (/** @type {string} */ detail) => {
        if (!terminal && detail !== entry.detail && performance.now() - entry.told > quietMs) {
          stream.write(`  ${name} … ${detail}\n`);
          entry.told = performance.now();
        }
        entry.detail = detail;
      };
      try {
        const result = await work(say);
        running.delete(name);
        line(`✓ ${name} (${seconds(entry.since)})`);
        return result;
      } catch (error) {
        running.delete(name);
        line(`✗ ${name} (${seconds(entry.since)})`);
        throw error;
      }
    },
    end() {
      clear();
      status = '';
      clearInterval(ticker);
    },
  };
}

/** @typedef {ReturnType<typeof progressOn>} Progress */

/** @param {number} since a moment of performance.now() */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
