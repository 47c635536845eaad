import { OtherProcess } from '../testing/contract/other-process.js';
import { isOfDeadProcess, processMark } from './process-mark.js';

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('the mark of a process in the id of a member', () => {
  onLinux('tells that this process lives', () => {
    expect(processMark()).toMatch(new RegExp(`^@[0-9a-f]{16}\\.${process.pid}\\.\\d+$`));
    expect(isOfDeadProcess(`shop${processMark()}-7f3a`)).toBe(false);
  });

  onLinux('tells that a process has ended', async () => {
    const other = await OtherProcess.start();
    const member = `shop${other.mark}-7f3a`;
    expect(isOfDeadProcess(member)).toBe(false);
    await other.kill();
    expect(isOfDeadProcess(member)).toBe(true);
  });

  onLinux('tells that the pid of a process belongs to another one now', () => {
    const [, upToPid, began] = /^(.*)\.(\d+)$/.exec(processMark())!;
    expect(isOfDeadProcess(`shop${upToPid}.${Number(began) - 1}-7f3a`)).toBe(true);
  });

  onLinux('takes nobody for dead who is only stopped', async () => {
    const other = await OtherProcess.start();
    other.standStill();
    expect(isOfDeadProcess(`shop${other.mark}-7f3a`)).toBe(false);
    await other.kill();
  });

  it('says nothing of members elsewhere, or without a mark', () => {
    expect(isOfDeadProcess('shop@0123456789abcdef.999999.1-7f3a')).toBe(false);
    expect(isOfDeadProcess('shop-7f3a')).toBe(false);
  });
});
