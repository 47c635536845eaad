import fc from 'fast-check';
import type { Verdict } from './classify.js';
import { count, decide, faultIn, policyOf } from './policy.js';
import type { Decision, RetryPolicy } from './policy.js';

const verdicts: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constantFrom<Verdict>('permanent', 'refused', 'transient', 'unknown'),
  fc.record({ retryLaterMs: fc.nat(10_000_000) }),
);
const policies: fc.Arbitrary<RetryPolicy> = fc
  .record({ attempts: fc.integer({ min: 1, max: 20 }), firstDelayMs: fc.nat(1_000), more: fc.nat(59_000), ordered: fc.boolean() })
  .map(({ attempts, firstDelayMs, more, ordered }) => ({ attempts, firstDelayMs, longestDelayMs: firstDelayMs + more, ordered }));

/** What is decided failure after failure, until the event is out of the way. */
function follow(policy: RetryPolicy, failures: readonly Verdict[]): { verdict: Verdict; decision: Decision }[] {
  const taken: { verdict: Verdict; decision: Decision }[] = [];
  let tally = { failures: 0, counted: 0 };
  for (const verdict of failures) {
    tally = count(tally, verdict);
    const decision = decide(policy, verdict, tally);
    taken.push({ verdict, decision });
    if (decision.then !== 'again') break;
  }
  return taken;
}

describe('the retry policy', () => {
  it('by default tries five times, waiting 100 ms and then twice as long each time', () => {
    const decisions = follow(policyOf({}), Array.from({ length: 9 }, () => 'unknown' as const)).map(({ decision }) => decision);
    expect(decisions).toEqual([
      ...[100, 200, 400, 800].map((delayMs) => ({ then: 'again', delayMs })),
      { then: 'park' },
    ]);
  });

  it('waits in place for an ordered handler that asks for time, and puts an order-free one aside for exactly that time', () => {
    const verdict = { retryLaterMs: 3_600_000 };
    const tally = { failures: 1, counted: 1 };
    expect(decide(policyOf({}), verdict, tally)).toEqual({ then: 'again', delayMs: 5_000 });
    expect(decide(policyOf({ ordered: false }), verdict, tally)).toEqual({ then: 'later', delayMs: 3_600_000 });
  });

  it('never uses up attempts on the machine, however long it is down', () => {
    fc.assert(
      fc.property(policies, fc.nat(5_000), (policy, times) => {
        const tally = { failures: times + 1, counted: 0 };
        const decision = decide(policy, 'transient', tally);
        expect(decision.then).toBe('again');
        expect(count(tally, 'transient').counted).toBe(0);
      }),
    );
  });

  it('never waits longer in place than the policy allows, nor tries more often', () => {
    fc.assert(
      fc.property(policies, fc.array(verdicts, { maxLength: 60 }), (policy, failures) => {
        const taken = follow(policy, failures);
        for (const { decision } of taken) {
          if (decision.then !== 'again') continue;
          expect(decision.delayMs).toBeGreaterThanOrEqual(0);
          expect(decision.delayMs).toBeLessThanOrEqual(policy.longestDelayMs);
        }
        expect(taken.filter(({ verdict }) => verdict !== 'transient').length).toBeLessThanOrEqual(policy.attempts);
      }),
    );
  });

  it('parks what can never succeed at once, and nothing that is the machine\'s fault', () => {
    fc.assert(
      fc.property(policies, fc.array(verdicts, { minLength: 1, maxLength: 60 }), (policy, failures) => {
        for (const { verdict, decision } of follow(policy, failures)) {
          if (verdict === 'permanent' || verdict === 'refused') expect(decision).toEqual({ then: 'park' });
          if (verdict === 'transient') expect(decision.then).toBe('again');
          if (decision.then === 'later') expect(policy.ordered).toBe(false);
        }
      }),
    );
  });

  it.each([
    [{ attempts: 0 }, 'retry.attempts'],
    [{ attempts: 1.5 }, 'retry.attempts'],
    [{ firstDelayMs: 10_000 }, 'retry delays'],
    [{ longestDelayMs: 3_600_000 }, 'retry delays'],
    [{ firstDelayMs: Number.NaN }, 'retry delays'],
  ])('refuses %j', (options, fault) => {
    expect(faultIn(options)).toContain(fault);
  });
});
