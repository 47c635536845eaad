import { everybodyAnswered } from './laws.js';
import { byKind, ofSeveral, spreadOf, spreadsOf, throughput, verdictOf } from './report.js';
import { pageOf } from './report-page.js';
import { happenedOf, reportOf } from './report.fixture.js';

describe('The report of a torture', () => {
  it('is one page that needs nothing else, in the light and in the dark', () => {
    const page = pageOf(reportOf([happenedOf({})]));
    expect(page).toContain('color-scheme: light dark');
    expect(page).toContain('npm run torture -- --broker postgres --seed 7');
    expect(page).toContain('app-killed');
    expect(page).not.toMatch(/https?:\/\/|<script|src=/);
  });

  it('shows what was seen as text, whatever it is', () => {
    expect(pageOf(reportOf([happenedOf({ seen: '<b>&"' })]))).toContain('&#60;b&#62;&#38;&#34;');
  });

  it('renders a run in which nothing happened', () => {
    expect(pageOf({ ...reportOf([]), samples: [] })).toContain('</html>');
  });

  it('gives half, most and worst of each kind’s recoveries, and leaves out those of several faults together', () => {
    const steps = [1, 2, 3, 4, 5].map((n) => happenedOf({ n, fired: n < 5 }));
    const recoveries = [{ after: [1], recovery: { taken: 100 } }, { after: [2], recovery: { taken: 300 } }, { after: [3], recovery: { taken: 200 } }, { after: [4, 5], recovery: { taken: 900 } }];
    const [kind] = byKind([{ steps, recoveries }]);
    expect(kind).toMatchObject({ kind: 'app-killed', injected: 5, fired: 4, recovery: { taken: { count: 3, p50: 200, p95: 300, max: 300 } } });
    expect(kind!.recovery.found).toBeUndefined();
    expect(spreadsOf(ofSeveral([{ recoveries }])).taken).toMatchObject({ count: 1, max: 900 });
    expect(spreadOf([])).toBeUndefined();
  });

  it('counts orders a second between two looks', () => {
    expect(throughput([{ at: 0, orders: 0 }, { at: 2, orders: 6 }])).toEqual([{ at: 2, perSecond: 3 }]);
  });

  it('is void when a fault did not happen, and broken when a law was, whatever else', () => {
    const [held, broken] = [everybodyAnswered([], 1), everybodyAnswered(['no answer'], 1)];
    expect(verdictOf([held], [{ fired: true }])).toBe('held');
    expect(verdictOf([held], [{ fired: true }, { fired: false }])).toBe('void');
    expect(verdictOf([held, broken], [{ fired: false }])).toBe('broken');
  });
});
