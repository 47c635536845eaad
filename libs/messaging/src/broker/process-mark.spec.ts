import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isOfDeadProcess, processMark } from './process-mark.js';

const onLinux = process.platform === 'linux' ? it : it.skip;
const [, place, began] = /@(.*)\.\d+\.(\d+)$/.exec(processMark()) ?? [];

describe('the mark of a process in the id of a member', () => {
  onLinux('tells that this process lives', () => {
    expect(processMark()).toMatch(new RegExp(`^@[0-9a-f]{16}\\.${process.pid}\\.\\d+$`));
    expect(isOfDeadProcess(`shop${processMark()}-7f3a`)).toBe(false);
  });

  onLinux('tells that a process has ended, and that its pid belongs to another one now', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
    await once(child, 'spawn');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isOfDeadProcess(`shop@${place}.${child.pid}.${began}-7f3a`)).toBe(true);
    expect(isOfDeadProcess(`shop@${place}.${process.pid}.${Number(began) - 1}-7f3a`)).toBe(true);
  });

  onLinux('takes nobody for dead who is only stopped', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
    await once(child, 'spawn');
    const start = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19];
    child.kill('SIGSTOP');
    expect(isOfDeadProcess(`shop@${place}.${child.pid}.${start}-7f3a`)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('says nothing of members elsewhere, or without a mark', () => {
    expect(isOfDeadProcess('shop@0123456789abcdef.999999.1-7f3a')).toBe(false);
    expect(isOfDeadProcess('shop-7f3a')).toBe(false);
  });
});
