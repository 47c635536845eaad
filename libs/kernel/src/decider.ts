/** Business rules as two pure functions: command to facts, and fact to next state. */
export interface Decider<Command, State, Fact> {
  readonly initial: State;
  /** Returns the resulting facts, possibly none. Throws DomainError when the business says no. */
  readonly decide: (command: Command, state: State) => readonly Fact[];
  readonly evolve: (state: State, fact: Fact) => State;
}

/** The state after these facts, starting from the initial or a given state. */
export function replay<State, Fact>(
  decider: Pick<Decider<never, State, Fact>, 'initial' | 'evolve'>,
  facts: readonly Fact[],
  from: State = decider.initial,
): State {
  return facts.reduce(decider.evolve, from);
}
