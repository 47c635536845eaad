import { WakeUp } from './wake-up.js';

const LONG = 60_000;

describe('waking up', () => {
  it('wakes one sleeper per call', async () => {
    const wakeUp = new WakeUp();
    const woken: string[] = [];
    const sleepers = ['first', 'second'].map((name) => wakeUp.wait(LONG).then(() => woken.push(name)));
    wakeUp.one();
    await sleepers[0];
    expect(woken).toEqual(['first']);
    wakeUp.one();
    await Promise.all(sleepers);
  });

  it('remembers a call that came while everybody was busy', async () => {
    const wakeUp = new WakeUp();
    wakeUp.one();
    await wakeUp.wait(LONG);
  });

  it('wakes everybody at the end', async () => {
    const wakeUp = new WakeUp();
    const sleepers = [wakeUp.wait(LONG), wakeUp.wait(LONG), wakeUp.wait(LONG)];
    wakeUp.all();
    await Promise.all(sleepers);
  });
});
