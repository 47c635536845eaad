/** Rules as two pure functions: what a command leads to, and what a fact makes of the state. */
export interface Decider<Command, State, Fact> {
  readonly initial: State;
  /** Facts that follow, none when there is nothing to do; throws DomainError when the business says no. */
  readonly decide: (command: Command, state: State) => readonly Fact[];
  readonly evolve: (state: State, fact: Fact) => State;
}

/** State after a history, from the beginning or from a given state. */
export function replay<State, Fact>(
  decider: Pick<Decider<never, State, Fact>, 'initial' | 'evolve'>,
  facts: readonly Fact[],
  from: State = decider.initial,
): State {
  return facts.reduce(decider.evolve, from);
}
