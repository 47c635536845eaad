import { isBroken, judge, parseHistory, verdictText } from './history.js';
import type { HistoryLine } from './history.js';

const published = (key: string, ...versions: number[]): HistoryLine[] => versions.map((version) => ({ kind: 'published', key, version }));
const seen = (kind: 'handled' | 'effect', key: string, ...versions: number[]): HistoryLine[] =>
  versions.map((version) => ({ kind, key, version, consumer: 'email' }));
const one = (history: HistoryLine[]) => judge(history)[0]!;

describe('The checker of a history', () => {
  it('finds nothing in a history in which every event was handled once, in order', () => {
    const history = [...published('order-1', 1, 2), ...published('order-2', 1), ...seen('effect', 'order-1', 1), ...seen('effect', 'order-2', 1), ...seen('effect', 'order-1', 2)];
    expect(one(history)).toEqual({ consumer: 'email', events: 3, repeated: 0, lost: [], doubled: [], inverted: [] });
    expect(isBroken(judge(history))).toBe(false);
  });

  it('finds what was lost', () => {
    expect(one([...published('order-1', 1, 2), ...seen('handled', 'order-1', 1)]).lost).toEqual(['order-1 2']);
  });

  it('takes a delivery without its effect for a loss, where effects are noted', () => {
    const history = [...published('order-1', 1, 2), ...seen('handled', 'order-1', 1, 2), ...seen('effect', 'order-1', 1)];
    expect(one(history).lost).toEqual(['order-1 2']);
  });

  it('finds an effect that was doubled, and allows a delivery that was repeated', () => {
    const delivered = [...published('order-1', 1), ...seen('handled', 'order-1', 1, 1), ...seen('effect', 'order-1', 1)];
    expect(one(delivered)).toMatchObject({ repeated: 1, doubled: [] });
    expect(one([...delivered, ...seen('effect', 'order-1', 1)]).doubled).toEqual(['order-1 1']);
  });

  it('finds what came after something later of its key, but not what only came again', () => {
    expect(one([...published('order-1', 1, 2), ...seen('handled', 'order-1', 2, 1)]).inverted).toEqual(['order-1: 1 after 2']);
    expect(one([...published('order-1', 1, 2), ...seen('handled', 'order-1', 1, 2, 1)]).inverted).toEqual([]);
  });

  it('holds nobody to topics that it does not read', () => {
    const history = [
      { kind: 'published' as const, topic: 'payments.payments', key: 'order-1', version: 1 },
      { kind: 'published' as const, topic: 'checkout.orders', key: 'order-1', version: 1 },
      { kind: 'handled' as const, topic: 'checkout.orders', key: 'order-1', version: 1, consumer: 'search' },
    ];
    expect(one(history)).toMatchObject({ events: 1, lost: [] });
  });

  it('knows events by their id alone, too', () => {
    const text = ['{"kind":"published","key":"order-1","eventId":"a"}', '', '{"kind":"effect","key":"order-1","eventId":"a","consumer":"mail","at":"2026-11-29T05:00:00Z"}'].join('\n');
    expect(judge(parseHistory(text))).toEqual([expect.objectContaining({ consumer: 'mail', events: 1, lost: [] })]);
  });

  it.each([
    ['{', 'Line 2 is no JSON'],
    ['{"kind":"sent","key":"a","version":1}', 'Line 2 has no kind: one of published, handled, effect'],
    ['{"kind":"published","version":1}', 'Line 2 has no key'],
    ['{"kind":"published","key":"a"}', 'Line 2 has neither version nor eventId'],
    ['{"kind":"published","key":"a","version":1.5}', 'Line 2 has a version that is no whole number'],
    ['{"kind":"handled","key":"a","version":1}', 'Line 2 has no consumer'],
  ])('refuses %s and says where it stands', (line, fault) => {
    expect(() => parseHistory(`\n${line}`)).toThrow(fault);
  });

  it('tells each consumer’s verdict in words', () => {
    const history = [...published('order-1', 1, 2), ...seen('effect', 'order-1', 1, 1)];
    expect(verdictText(judge(history))).toBe('email: 2 events, 1 lost, 1 doubled, 0 inverted (0 delivered again)\n  lost\n    order-1 2\n  doubled\n    order-1 1\n');
    expect(verdictText([])).toBe('Nobody has handled anything: there is nothing to judge.\n');
  });
});
