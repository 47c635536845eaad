import { faults } from './faults/index.js';
import { planOf, planText } from './plan.js';
import type { PlanOptions } from './plan.js';

const options: PlanOptions = { seed: 7, minutes: 10, broker: 'postgres', disk: false };

describe('The plan of a torture', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planOf(faults, options)).toEqual(planOf(faults, options));
    expect(planOf(faults, { ...options, seed: 8 })).not.toEqual(planOf(faults, options));
  });

  it('brings every kind before any comes twice', () => {
    const all = planOf(faults, { ...options, minutes: 60 }).slice(0, faults.filter(({ needsDisk }) => !needsDisk).length);
    expect(new Set(all.map(({ kind }) => kind)).size).toBe(all.length);
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
    expect(planText(planOf(faults, { ...options, only: ['app-killed'], minutes: 0.2 }))).toMatch(/^ {2}1\. {2}00:05 {2}app-killed +\w+ +\d s$/);
    expect(planText([])).toBe('No fault fits into so short a run.');
  });
});
