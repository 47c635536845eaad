import fc from 'fast-check';
import type { Verdict } from './classify.js';
import { count, decide, decideParked, faultIn, policyOf } from './policy.js';
import type { Decision, RetryPolicy } from './policy.js';

const verdicts: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constantFrom<Verdict>('permanent', 'refused', 'transient', 'unknown'),
  fc.record({ retryLaterMs: fc.nat(10_000_000) }),
);
const policies: fc.Arbitrary<RetryPolicy> = fc
  .record({
    attempts: fc.integer({ min: 1, max: 20 }),
    inPlace: fc.integer({ min: 1, max: 5 }),
    firstDelayMs: fc.nat(1_000),
    more: fc.nat(59_000),
    ordered: fc.boolean(),
  })
  .map(({ more, firstDelayMs, ...rest }) => ({ ...rest, firstDelayMs, longestDelayMs: firstDelayMs + more }));

/** The decisions after each failure: first in place, then parked, until an operator has to act. */
function follow(policy: RetryPolicy, failures: readonly Verdict[]): { verdict: Verdict; decision: Decision; parked: boolean }[] {
  const taken: { verdict: Verdict; decision: Decision; parked: boolean }[] = [];
  let tally = { failures: 0, counted: 0 };
  let parked = false;
  for (const verdict of failures) {
    tally = count(tally, verdict);
    const decision: Decision = parked ? decideParked(policy, verdict, tally.counted) : decide(policy, verdict, tally);
    taken.push({ verdict, decision, parked });
    if (decision.then === 'park') break;
    parked ||= decision.then === 'later';
  }
  return taken;
}

describe('the retry policy', () => {
  it('by default tries twice in place, then four times out of the way of the other keys, then asks an operator', () => {
    const decisions = follow(policyOf({}), Array.from({ length: 9 }, () => 'unknown' as const)).map(({ decision }) => decision);
    expect(decisions).toEqual([
      { then: 'again', delayMs: 20 },
      ...[500, 1_000, 2_000, 4_000].map((delayMs) => ({ then: 'later', delayMs })),
      { then: 'park' },
    ]);
  });

  it.each([true, false])('puts the event of a handler that asks for time aside for exactly that time (ordered: %s)', (ordered) => {
    const verdict = { retryLaterMs: 3_600_000 };
    const decision = { then: 'later', delayMs: 3_600_000 };
    expect(decide(policyOf({ ordered }), verdict, { failures: 1, counted: 0 })).toEqual(decision);
    expect(decideParked(policyOf({ ordered }), verdict, 99)).toEqual(decision);
  });

  it('never uses up attempts on the machine, however long it is down', () => {
    fc.assert(
      fc.property(policies, fc.nat(5_000), (policy, times) => {
        const tally = { failures: times + 1, counted: 0 };
        const decision = decide(policy, 'transient', tally);
        expect(decision.then).toBe('again');
        expect(decideParked(policy, 'transient', 0).then).toBe('later');
        expect(count(tally, 'transient').counted).toBe(0);
      }),
    );
  });

  it('gives the machine time when an event is parked already, whatever the policy', () => {
    for (const counted of [0, 1, 6, 100]) expect(decideParked(policyOf({}), 'transient', counted)).toEqual({ then: 'later', delayMs: 5_000 });
  });

  it('holds a partition up for no more than a moment by failures that are the event\'s own', () => {
    fc.assert(
      fc.property(policies, fc.array(verdicts, { maxLength: 60 }), (policy, failures) => {
        const inPlace = follow(policy, failures).filter(({ decision }) => decision.then === 'again');
        const own = inPlace.filter(({ verdict }) => verdict !== 'transient').map(({ decision }) => decision);
        expect(own.length).toBeLessThan(policy.inPlace);
        for (const decision of own) expect((decision as { delayMs: number }).delayMs).toBeLessThanOrEqual(20);
      }),
    );
  });

  it('never waits longer than the policy allows unless asked to, nor tries more often', () => {
    fc.assert(
      fc.property(policies, fc.array(verdicts, { maxLength: 60 }), (policy, failures) => {
        const taken = follow(policy, failures);
        for (const { verdict, decision, parked } of taken) {
          if (decision.then === 'park' || typeof verdict === 'object' || (parked && verdict === 'transient')) continue;
          expect(decision.delayMs).toBeGreaterThanOrEqual(0);
          expect(decision.delayMs).toBeLessThanOrEqual(policy.longestDelayMs);
        }
        expect(taken.filter(({ verdict }) => verdict === 'unknown').length).toBeLessThanOrEqual(policy.attempts);
      }),
    );
  });

  it('parks what can never succeed at once, and nothing that is the machine\'s fault', () => {
    fc.assert(
      fc.property(policies, fc.array(verdicts, { minLength: 1, maxLength: 60 }), (policy, failures) => {
        for (const { verdict, decision, parked } of follow(policy, failures)) {
          if (verdict === 'permanent' || verdict === 'refused') expect(decision).toEqual({ then: 'park' });
          if (verdict === 'transient') expect(decision.then).toBe(parked ? 'later' : 'again');
          if (parked) expect(decision.then).not.toBe('again');
        }
      }),
    );
  });

  it.each([
    [{ attempts: 0 }, 'retry.attempts'],
    [{ attempts: 1.5 }, 'retry.attempts'],
    [{ inPlace: 0 }, 'retry.inPlace'],
    [{ firstDelayMs: 100_000 }, 'retry delays'],
    [{ longestDelayMs: 30 * 3_600_000 }, 'retry delays'],
    [{ firstDelayMs: Number.NaN }, 'retry delays'],
  ])('refuses %j', (options, fault) => {
    expect(faultIn(options)).toContain(fault);
  });
});
