import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from '../../support/app-process.js';
import type { Step } from '../plan.js';
import { SABOTEUR } from '../stage.js';
import type { Stage } from '../stage.js';
import { contexts, hold, LONGER_THAN_A_SESSION } from './fault.js';
import type { Evidence, Fault } from './fault.js';

const isSilent = (app: AppProcess) =>
  fetch(`${app.url}/health/live`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(1_500) }).then(
    () => false,
    () => true,
  );

const kill: Fault = {
  kind: 'app-killed',
  about: 'an app gets SIGKILL and is started again',
  targets: contexts,
  holds: [1, 3],
  often: 6,
  async inject(stage, step) {
    const app = stage.shop.app(step.target);
    const { signal } = await app.kill();
    await hold(stage, step);
    await app.start();
    await app.ready(120_000);
    return { fired: signal === 'SIGKILL', seen: `ended by ${signal}` };
  },
};

const paused: Fault = {
  kind: 'app-paused',
  about: 'an app is stopped (SIGSTOP) for longer than its session and its leases, and goes on',
  targets: contexts,
  holds: LONGER_THAN_A_SESSION,
  async inject(stage, step) {
    const app = stage.shop.app(step.target);
    app.pause();
    const fired = await isSilent(app);
    await hold(stage, step);
    app.resume();
    return { fired, seen: fired ? 'it answered nobody' : 'it went on answering' };
  },
};

const blocked: Fault = {
  kind: 'event-loop-blocked',
  about: 'an app computes for 12 s and does nothing else, not even heartbeats',
  targets: contexts,
  holds: [12, 13],
  async inject(stage, step) {
    const app = stage.shop.app(step.target);
    process.kill(app.pid, 'SIGUSR2');
    // What it had begun it may still answer.
    await pause(500);
    const fired = await isSilent(app);
    await hold(stage, step);
    return { fired, seen: fired ? 'it answered nobody' : 'it went on answering' };
  },
};

const rolling: Fault = {
  kind: 'rolling-restart',
  about: 'three apps, one after the other, are stopped in good order and started again',
  targets: ['checkout inventory email', 'payments fulfilment shipping', 'analytics search inventory'],
  holds: [8, 8],
  touches: (target) => target.split(' '),
  async inject({ shop }, { target }) {
    const ends: string[] = [];
    for (const name of target.split(' ')) {
      const { code, signal } = await shop.app(name).stop();
      ends.push(`${name} ended with ${signal ?? code}`);
      await shop.app(name).start();
      await shop.app(name).ready(120_000);
    }
    return { fired: ends.length === 3, seen: ends.join(', ') };
  },
};

/** Half an hour: what a machine without a time server may be off by. */
const CLOCK_OFFSET_MS = 1_800_000;

const second: Fault = {
  kind: 'second-instance',
  about: 'a second process of an app comes, with a clock half an hour off in another time zone, and is killed',
  targets: ['checkout', 'inventory', 'email', 'payments', 'fulfilment', 'shipping'],
  holds: [4, 8],
  inject: (stage, step) => withAnother(stage, step),
};

async function withAnother(stage: Stage, step: Step): Promise<Evidence> {
  const extra = await stage.shop.another(step.target);
  await extra.kill();
  const behind = step.seed % 2 === 0 ? -CLOCK_OFFSET_MS : CLOCK_OFFSET_MS;
  extra.configure({
    TZ: behind < 0 ? 'Pacific/Kiritimati' : 'America/St_Johns',
    TORTURE_CLOCK_OFFSET_MS: String(behind),
    NODE_OPTIONS: SABOTEUR,
  });
  const started = Date.now();
  await extra.start();
  try {
    await extra.ready(60_000);
    await hold(stage, step);
    const [, time = '', zone] = /torture: it is (\S+) in (\S+)/.exec(extra.said()) ?? [];
    const minutesOff = Math.round((Date.parse(time) - started) / 60_000);
    return { fired: extra.running() && Math.abs(minutesOff) > 20, seen: `it was ready, and its clock ${minutesOff} min off, in ${zone}` };
  } finally {
    await extra.kill();
  }
}

export const processFaults: readonly Fault[] = [kill, paused, blocked, rolling, second];
