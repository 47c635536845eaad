import { findingsOf } from './rules.js';
import type { ContextHealth } from './rules.js';

const well: ContextHealth = { backlog: { outbox: { waiting: 0, oldestSeconds: 0, refused: 0 }, parked: [] }, groups: [], down: [] };
const handler = 'inventory.reserve-stock';
const parked = (change: object) => [{ handler, parkedKeys: 1, retriedKeys: 0, deadLetters: 3, oldestSeconds: 10, ...change }];
const out = (change: object) => ({ group: 'email', problem: 'joining the group', downMs: 65_000, waitsForOperator: false, ...change });
const seen = (look: Partial<ContextHealth>, thresholds = {}) => findingsOf({ ...well, ...look }, thresholds).map(({ rule, subject }) => [rule, subject]);

describe('the rules of alerting', () => {
  it('find nothing where nothing is wrong', () => {
    expect(seen({ groups: [{ group: 'email', topic: 'checkout.orders', lag: 5, stalledMs: 100 }] })).toEqual([]);
  });

  it('find a parked key at once, and again when it has waited for too long', () => {
    expect(seen({ backlog: { ...well.backlog, parked: parked({}) } })).toEqual([['key-parked', handler]]);
    expect(seen({ backlog: { ...well.backlog, parked: parked({ oldestSeconds: 3_600 }) } })).toEqual([
      ['key-parked', handler],
      ['parked-too-long', handler],
    ]);
  });

  it('leave keys alone that are still tried by themselves', () => {
    expect(seen({ backlog: { ...well.backlog, parked: parked({ parkedKeys: 0, retriedKeys: 4, deadLetters: 0 }) } })).toEqual([]);
  });

  it('find an outbox that is not emptied, and events that the broker refused', () => {
    expect(seen({ backlog: { ...well.backlog, outbox: { waiting: 1, oldestSeconds: 61, refused: 2 } } })).toEqual([
      ['outbox-too-old', 'outbox'],
      ['events-refused', 'outbox'],
    ]);
  });

  it('find a single event that the broker refused', () => {
    expect(seen({ backlog: { ...well.backlog, outbox: { waiting: 0, oldestSeconds: 0, refused: 1 } } })).toEqual([['events-refused', 'outbox']]);
  });

  it('find a group that stands still with something to read, and not one that is merely behind', () => {
    const state = { group: 'email', topic: 'checkout.orders', lag: 1_000_000, stalledMs: 59_000 };
    expect(seen({ groups: [state] })).toEqual([]);
    expect(seen({ groups: [{ ...state, stalledMs: 60_000 }] })).toEqual([['consumer-stalled', 'email checkout.orders']]);
    expect(seen({ groups: [{ ...state, lag: 0, stalledMs: 60_000 }] })).toEqual([]);
  });

  it('find a consumer that does not come back, and say why', () => {
    expect(seen({ down: [out({ downMs: 59_000 })] })).toEqual([]);
    expect(findingsOf({ ...well, down: [out({})] })).toEqual([
      { rule: 'consumer-down', subject: 'broker', summary: 'Group email has not consumed for 65 s: joining the group' },
    ]);
  });

  it('find one broker that is away, not each of the groups that are out because of it', () => {
    const down = [out({ group: 'analytics', downMs: 61_000 }), out({}), out({ group: 'search', downMs: 0 }), out({ group: 'views', downMs: 62_000 })];
    expect(findingsOf({ ...well, down })).toEqual([
      { rule: 'consumer-down', subject: 'broker', summary: 'Group email has not consumed for 65 s: joining the group; nor have views, analytics' },
    ]);
  });

  it('find each group that waits for an operator', () => {
    const down = [out({ waitsForOperator: true }), out({ group: 'views', waitsForOperator: true }), out({ group: 'search' })];
    expect(seen({ down })).toEqual([['consumer-down', 'email'], ['consumer-down', 'views'], ['consumer-down', 'broker']]);
  });

  it('go by the thresholds that they are given', () => {
    const outbox = { waiting: 1, oldestSeconds: 3, refused: 0 };
    expect(seen({ backlog: { ...well.backlog, outbox } }, { outboxMs: 2_000 })).toEqual([['outbox-too-old', 'outbox']]);
    expect(seen({ down: [out({})] }, { downMs: 70_000 })).toEqual([]);
  });
});
