import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A path in a variable: the tools are plain JavaScript, which the compiler is not asked to read.
const tool = join(process.cwd(), 'tools', 'lock.mjs');
const lockHome: (home: string, base: number) => () => void = (await import(tool)).lockHome;

const passwordOf: (home: string, role: string) => string = (await import(join(process.cwd(), 'tools', 'home.mjs'))).passwordOf;

describe('the lock of a home', () => {
  let home = '';
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'nestbox-lock-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  it('is refused while its owner lives, and says who that is', () => {
    lockHome(home, 3_000);
    expect(() => lockHome(home, 4_000)).toThrow(`A shop already runs in ${home} (pid ${process.pid}, PORT_BASE 3000)`);
  });

  it('can be had again once it is released', () => {
    lockHome(home, 3_000)();
    expect(existsSync(join(home, 'lock'))).toBe(false);
    expect(() => lockHome(home, 3_000)).not.toThrow();
  });

  it('names a home that cannot be written, and the cure, in one line', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    const line = `${join(file, 'shop')} cannot be written (ENOTDIR): set NESTBOX_HOME to a folder that this user can write`;
    expect(() => lockHome(join(file, 'shop'), 3_000)).toThrow(line);
    expect(() => passwordOf(join(file, 'shop'), 'checkout')).toThrow(line);
  });

  it.each([
    ['of a process that has ended', JSON.stringify({ pid: 2 ** 22 + 1, startTime: 'boot:1', base: 3_000 })],
    ['of a pid that now belongs to another program', JSON.stringify({ pid: process.pid, startTime: 'boot:1', base: 3_000 })],
    ['that was cut off while it was written', '{"pid":'],
  ])('is taken over from a lock %s', (_what, content) => {
    writeFileSync(join(home, 'lock'), content);
    expect(() => lockHome(home, 3_000)).not.toThrow();
    expect(readdirSync(home)).toEqual(['lock']);
  });
});
