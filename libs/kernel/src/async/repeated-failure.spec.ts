import { RepeatedFailure } from './repeated-failure.js';

describe('a failure that is repeated', () => {
  let now = 0;
  let told: string[] = [];
  let relay: RepeatedFailure;
  beforeEach(() => {
    now = 0;
    told = [];
    relay = new RepeatedFailure('The relay', (line) => told.push(line), () => now);
  });

  it('is told once, counted at intervals, and told to be over', () => {
    for (; now < 70_000; now += 1_000) relay.failed(`The database is away: port ${now}`);
    relay.worked();
    expect(told).toEqual([
      'The database is away: port 0',
      'The database is away: port 30000 (and 29 failures more before this one)',
      'The database is away: port 60000 (and 29 failures more before this one)',
      'The relay works again after 70 failures, 9 of them not told',
    ]);
  });

  it('is told again when it has another cause, but not each time that causes change', () => {
    for (let time = 0; time < 10; time++) {
      relay.failed('connection refused');
      relay.failed('connection terminated');
    }
    expect(told).toEqual(['connection refused', 'connection terminated']);
  });

  it('is told anew after it was over, and nothing is said of what always works', () => {
    relay.worked();
    relay.failed('away');
    relay.worked();
    relay.worked();
    relay.failed('away');
    expect(told).toEqual(['away', 'The relay works again after 1 failures', 'away']);
  });

  it('of ever new causes is no flood', () => {
    for (let n = 0; n < 100; n++) relay.failed('x'.repeat(n));
    expect(told).toHaveLength(10);
  });
});
