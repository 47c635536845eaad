import { AssertionError, deepStrictEqual } from 'node:assert';
import { replay } from '../decider.js';
import type { Decider } from '../decider.js';
import type { DomainError } from '../domain-error.js';

/** `given(facts).when(command).then(facts)`: tests one rule of a decider. */
export function specify<Command, State, Fact>(decider: Decider<Command, State, Fact>) {
  return {
    given: (...facts: Fact[]) => ({
      when: (command: Command) => {
        const decide = () => decider.decide(command, replay(decider, facts));
        return {
          then: (...expected: Fact[]) => deepStrictEqual(decide(), expected),
          thenNothing: () => deepStrictEqual(decide(), []),
          thenRefuses: (code: string) => refuses(decide, code),
        };
      },
    }),
  };
}

function refuses(act: () => unknown, code: string): void {
  try {
    act();
  } catch (error) {
    deepStrictEqual((error as DomainError).code, code);
    return;
  }
  throw new AssertionError({ message: `expected a refusal with ${code}, but it was allowed` });
}
