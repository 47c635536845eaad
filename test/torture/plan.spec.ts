import { contexts } from './faults/fault.js';
import { faults } from './faults/index.js';
import { planOf, planText, roundsOf } from './plan.js';
import type { FaultKind, PlanOptions, Round } from './plan.js';

const options: PlanOptions = { seed: 7, minutes: 10, broker: 'postgres', disk: false, atOnce: 6 };
const firstRounds = (count: number, given: Partial<PlanOptions> = {}, kinds: readonly FaultKind[] = faults): Round[] => {
  const rounds = roundsOf(kinds, { ...options, ...given });
  return Array.from({ length: count }, () => rounds.next().value as Round);
};
const isAlone = (kind: string) => faults.find((fault) => fault.kind === kind)!.alone === true;

describe('The plan of a torture', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planOf(faults, options)).toEqual(planOf(faults, options));
    expect(planOf(faults, { ...options, seed: 8 })).not.toEqual(planOf(faults, options));
  });

  it('brings every kind, and each as often as it is meant to come, before all come again', () => {
    const meant = faults.filter(({ needsDisk }) => !needsDisk);
    const times = meant.reduce((sum, { often = 1 }) => sum + often, 0);
    const first = planOf(faults, { ...options, minutes: 60 }).slice(0, times);
    const came = (kind: string) => first.filter((step) => step.kind === kind).length;
    expect(Object.fromEntries(meant.map(({ kind }) => [kind, came(kind)]))).toEqual(Object.fromEntries(meant.map(({ kind, often = 1 }) => [kind, often])));
  });

  it('makes well over 200 faults in ten minutes', () => {
    expect(planOf(faults, options).length).toBeGreaterThan(220);
  });

  it('leaves those that hit everybody alone, and some of the others too, so that their recovery is known', () => {
    const rounds = firstRounds(40);
    expect(rounds.filter(({ length }) => length > 1).flat().filter(({ kind }) => isAlone(kind))).toEqual([]);
    expect(rounds.filter((round) => round.length === 1 && !isAlone(round[0]!.kind)).length).toBeGreaterThan(3);
    expect(rounds.filter(({ length }) => length > 6).length).toBeGreaterThan(3);
  });

  it('makes one after the other where only one may run', () => {
    expect(firstRounds(80, { atOnce: 1 }).filter(({ length }) => length !== 1)).toEqual([]);
  });

  it('hits only who can be hit, for as long as the fault may last, inside of the time of the run', () => {
    for (const { kind, target, holdSeconds, at } of planOf(faults, options)) {
      const { targets, holds } = faults.find((fault) => fault.kind === kind)!;
      expect(targets).toContain(target);
      expect(holdSeconds).toBeGreaterThanOrEqual(holds[0]);
      expect(holdSeconds).toBeLessThanOrEqual(holds[1]);
      expect(at + holdSeconds).toBeLessThanOrEqual(600);
    }
  });

  it('knows whose each fault is: an app that there is, or, of those that hit everybody, nobody in particular', () => {
    for (const { kind, touches } of planOf(faults, options)) {
      expect({ kind, strangers: touches.filter((app) => !contexts.includes(app)) }).toEqual({ kind, strangers: [] });
      if (isAlone(kind)) expect(touches).toEqual([]);
    }
  });

  it('has only what was asked for', () => {
    const plan = planOf(faults, { ...options, only: ['app-killed', 'link-cut'] });
    expect(new Set(plan.map(({ kind }) => kind))).toEqual(new Set(['app-killed', 'link-cut']));
  });

  it('fills the disk only when that is wanted', () => {
    const disk = [{ kind: 'disk-full', about: '', targets: ['everybody'], holds: [1, 1] as const, needsDisk: true }];
    expect(planOf(disk, options)).toEqual([]);
    expect(planOf(disk, { ...options, disk: true })).not.toEqual([]);
  });

  it('is printed a line a step', () => {
    expect(planText(planOf(faults, { ...options, only: ['app-killed'], minutes: 0.2 }))).toMatch(/^ {2}1\. {2}00:05 {2}app-killed +\w+ +\d s$/m);
    expect(planText([])).toBe('No fault fits into so short a run.');
  });
});
