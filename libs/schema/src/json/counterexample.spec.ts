import { Ajv2020 } from 'ajv/dist/2020.js';
import { breaksBetween } from '../comparison/compare.js';
import { json } from '../fixtures/json.fixture.js';

describe('a counterexample', () => {
  const oldReads = json.breaking.filter(([, level]) => level.startsWith('BACKWARD'));

  it('is shown for nearly every change that breaks, and is one', () => {
    const without: string[] = [];
    for (const [what, , from, to] of oldReads) {
      const { counterexample } = breaksBetween({ format: 'JSON', text: to }, { format: 'JSON', text: from })[0]!;
      if (counterexample === undefined) without.push(what);
      else {
        const valid = (text: string) => new Ajv2020({ strict: false, logger: false }).compile(JSON.parse(text) as object)(JSON.parse(counterexample));
        expect([what, counterexample, valid(from), valid(to)]).toEqual([what, counterexample, true, false]);
      }
    }
    expect(without.length).toBeLessThan(oldReads.length / 4);
  });
});
