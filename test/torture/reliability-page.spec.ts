import { everybodyAnswered } from './laws.js';
import { reliabilityPage } from './reliability-page.js';
import { happenedOf, reportOf } from './report.fixture.js';

describe('docs/reliability.md', () => {
  it('adds up the runs of each broker', () => {
    const runs = [reportOf([happenedOf({})]), reportOf([happenedOf({})], 40)];
    const page = reliabilityPage([...runs, { ...reportOf([happenedOf({})]), broker: 'kafka' }], []);
    expect(page).toContain('In 3 runs 3 of 3 faults happened, while 36 orders were confirmed.');
    expect(page).toContain('On kafka:');
    expect(page).toMatch(/^\| app-killed \| an app is killed \| 2 of 2 \| 20 \/ 40 \/ 40 \|/m);
    expect(page).toMatch(/^\| everybody-answered \|.*\| 3 runs \| 0 runs \|$/m);
  });

  it('tells the recovery of faults that ran together as that of their rounds', () => {
    const steps = [happenedOf({ n: 1 }), happenedOf({ n: 2, target: 'search' })];
    const page = reliabilityPage([{ ...reportOf(steps), recoveries: [{ after: [1, 2], recovery: { taken: 70 } }] }], []);
    expect(page).toMatch(/^\| app-killed \|.*\| 2 of 2 \| – \|/m);
    expect(page).toMatch(/^\| rounds of several \|.*\| 1 rounds \| 70 \/ 70 \/ 70 \|/m);
  });

  it('says which laws were broken and which runs were void', () => {
    const page = reliabilityPage([{ ...reportOf([happenedOf({ fired: false })]), laws: [everybodyAnswered(['no answer'], 1)] }], []);
    expect(page).toMatch(/^\| everybody-answered \|.*\| 0 runs \| 1 runs \|$/m);
    expect(page).toContain('- postgres, seed 7: 1. app-killed (email) did not happen.');
  });

  it('says which planted bugs were caught', () => {
    const page = reliabilityPage([reportOf([])], [{ bug: 'claims are not written', caughtBy: 'exact-books' }, { bug: 'nobody sees this' }]);
    expect(page).toContain('1 of 2 were caught.');
    expect(page).toContain('| nobody sees this | **nobody** |');
  });

  it('never claims more than was seen', () => {
    expect(reliabilityPage([reportOf([happenedOf({})])], [])).not.toMatch(/proof|prove/i);
  });
});
