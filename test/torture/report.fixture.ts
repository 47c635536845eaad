import { everybodyAnswered } from './laws.js';
import type { Happened, Report } from './report.js';

export function happenedOf(given: Partial<Happened>): Happened {
  return {
    ...{ n: 1, at: 5, kind: 'app-killed', target: 'email', holdSeconds: 2, touches: ['email'], seed: 1, about: 'an app is killed', began: 5, ended: 8 },
    ...{ fired: true, seen: 'ended by SIGKILL' },
    ...given,
  };
}

/** Each step was alone. */
export function reportOf(steps: readonly Happened[], taken = 20): Report {
  const recovery = { taken, shipped: 400, mailed: 100, found: 90 };
  return {
    ...{ version: 2, verdict: 'held', command: 'npm run torture -- --broker postgres --seed 7 --minutes 1 --rate 2', broker: 'postgres', seed: 7, minutes: 1 },
    ...{ startedAt: '2026-11-29T05:00:00.000Z', interrupted: false, orders: 12, failedTries: 1, steps, laws: [everybodyAnswered([], 12)] },
    recoveries: steps.map(({ n }) => ({ after: [n], recovery })),
    duplicates: { records: 2, letters: 1, effects: 0 },
    samples: [{ at: 1, orders: 2, lag: 3 }, { at: 2, orders: 4 }],
  };
}
