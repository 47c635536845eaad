import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { SteadyOutput } from './steady-output.js';

/** As Node makes process.stdout onto a file: an error does not end it. */
class DiskLog extends Writable {
  isFull = false;
  readonly lines: string[] = [];

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(line: string, _encoding: string, done: (error?: Error) => void): void {
    if (this.isFull) return done(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
    this.lines.push(line);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(error);
    (this as unknown as { _undestroy(): void })._undestroy();
  }
}

describe('a log on a full disk', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it('is written again when there is room, and says how many lines are missing', async () => {
    const log = new DiskLog();
    const steady = new SteadyOutput(log, (notice) => log.write(notice));
    expect(steady).toBeDefined();
    const write = async (line: string) => {
      log.write(line);
      await nextTurn();
    };
    await write('kept');
    log.isFull = true;
    await write('lost');
    await write('lost');
    jest.advanceTimersByTime(5_000);
    await nextTurn();
    await write('lost');
    log.isFull = false;
    jest.advanceTimersByTime(5_000);
    await nextTurn();
    await write('kept');
    jest.advanceTimersByTime(60_000);
    expect(log.lines).toEqual(['kept', expect.stringContaining('written again; 3 lines are missing here (ENOSPC'), 'kept']);
  });
});
