import { createWriteStream } from 'node:fs';

const pauseBetweenTries = 5_000;

/**
 * The log of a process, kept on a disk that may be full for a while: that is told once, lines are counted instead of kept,
 * and the file is opened anew until there is room again. A log must never end what it writes about.
 */
export class LogWriter {
  /** @type {import('node:fs').WriteStream | undefined} */
  #stream;
  #lost = 0;
  #nextTry = 0;

  /**
   * @param {string} file
   * @param {(text: string) => void} tell
   * @param {() => number} now milliseconds
   */
  constructor(file, tell, now = () => performance.now()) {
    this.file = file;
    this.tell = tell;
    this.now = now;
    this.#open();
  }

  /** @param {string} line without its line break */
  write(line) {
    if (!this.#stream && this.now() >= this.#nextTry) this.#open();
    if (!this.#stream) this.#lost += 1;
    else this.#stream.write(`${line}\n`, (error) => (error ? (this.#lost += 1) : this.#recovered()));
  }

  #open() {
    const stream = createWriteStream(this.file, { flags: 'a' });
    this.#stream = stream;
    stream.on('error', (error) => this.#close(stream, error));
  }

  /** @param {import('node:fs').WriteStream} stream @param {Error} error */
  #close(stream, error) {
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    const isFirst = this.#nextTry === 0;
    this.#nextTry = this.now() + pauseBetweenTries;
    if (isFirst) this.tell(`${this.file} cannot be written (${error.message}): going on without it. Make room on the disk.`);
  }

  #recovered() {
    if (this.#nextTry === 0) return;
    this.tell(`${this.file} is written again; ${this.#lost} lines are missing`);
    this.#nextTry = 0;
    this.#lost = 0;
  }
}
