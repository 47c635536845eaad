const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
// In a log file every line stays: there, details come more rarely.
const quietMs = 2_000;

/** What a command tells while it works: finished lines stay, and on a terminal the last line shows what goes on. */
export class Progress {
  /** @type {Map<string, { since: number, detail: string, told: number }>} */
  #running = new Map();
  #frame = 0;
  #status = '';

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream) {
    this.stream = stream;
    this.terminal = stream.isTTY === true;
    // A reader that went away (a closed terminal, `| head`) must not end what is supervised here.
    stream.on('error', () => undefined);
    this.ticker = this.terminal ? setInterval(() => this.#draw(), 100).unref() : undefined;
  }

  line = (/** @type {string} */ text) => {
    this.#clear();
    this.stream.write(`${text}\n`);
    this.#draw();
  };

  /**
   * @template T
   * @param {string} name
   * @param {(say: (detail: string) => void) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async step(name, work) {
    const since = performance.now();
    this.#running.set(name, { since, detail: '', told: since });
    if (!this.terminal) this.stream.write(`  ${name} …\n`);
    try {
      const result = await work((detail) => this.#say(name, detail));
      this.#finish('✓', name, since);
      return result;
    } catch (error) {
      this.#finish('✗', name, since);
      throw error;
    }
  }

  end() {
    this.#clear();
    clearInterval(this.ticker);
  }

  /** @param {string} name @param {string} detail */
  #say(name, detail) {
    const entry = this.#running.get(name);
    if (!entry || entry.detail === detail) return;
    entry.detail = detail;
    if (this.terminal || performance.now() - entry.told < quietMs) return;
    entry.told = performance.now();
    this.stream.write(`  ${name} … ${detail}\n`);
  }

  /** @param {string} mark @param {string} name @param {number} since */
  #finish(mark, name, since) {
    this.#running.delete(name);
    this.line(`${mark} ${name} (${seconds(since)})`);
  }

  #draw() {
    if (!this.terminal) return;
    this.#clear();
    const parts = [...this.#running].map(
      ([name, { since, detail }]) => `${name}${detail && ` ${detail}`} ${seconds(since)}`,
    );
    if (parts.length === 0) return;
    this.#status = `${frames[this.#frame++ % frames.length]} ${parts.join(' · ')}`.slice(0, this.stream.columns - 1);
    this.stream.write(this.#status);
  }

  #clear() {
    if (this.#status) this.stream.write('\r\u001b[K');
    this.#status = '';
  }
}

/** @param {number} since a moment of performance.now() */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
