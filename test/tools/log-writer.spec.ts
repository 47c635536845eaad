import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@nestbox/kernel/testing';

// A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
const tool = join(process.cwd(), 'tools', 'start', 'log-writer.mjs');
const { LogWriter } = (await import(tool)) as {
  LogWriter: new (file: string, tell: (text: string) => void, now: () => number) => { write(line: string): void };
};

describe('the log of an app on a full disk', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'log-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is told once, ends nothing, and is written again when there is room', async () => {
    const file = join(folder, 'checkout.log');
    symlinkSync('/dev/full', file);
    const told: string[] = [];
    let now = 0;
    const log = new LogWriter(file, (text) => told.push(text), () => now);

    log.write('lost in the write that failed');
    await eventually(() => expect(told).toEqual([expect.stringMatching(/checkout\.log cannot be written \(ENOSPC.*Make room/)]));
    log.write('lost while nothing is tried');
    now += 5_000;
    log.write('lost in a second try');
    await eventually(() => {
      log.write('lost, too');
      now += 1_000;
      expect(now).toBeGreaterThan(15_000);
    });
    expect(told).toHaveLength(1);

    rmSync(file);
    await eventually(() => {
      now += 5_000;
      log.write('kept');
      expect(told).toHaveLength(2);
    });
    expect(told[1]).toMatch(/checkout\.log is written again; \d+ lines are missing/);
    expect(readFileSync(file, 'utf8')).toMatch(/^(kept\n)+$/);
  });
});
