import type { EventContract, IssuedCommand } from '@nestbox/kernel';

/** How a step is taken back. Whoever carries it out must make a forward step that comes after it do nothing. */
export interface UndoStep<Facts> {
  /** `reason` is what the story is taken back for: the `reason` of a step, `timeout`, or of a calling-off. */
  readonly ask: (facts: Facts, reason: string) => IssuedCommand;
  /** Any of these says that nothing of the step is left. */
  readonly done: readonly EventContract[];
}

/** One step of a story that goes forward step by step, and back in reverse. */
export interface SagaStep<Facts> {
  readonly name: string;
  /** Left out where somebody acts of their own accord, on the event that starts the story. */
  readonly ask?: (facts: Facts) => IssuedCommand;
  readonly done: EventContract;
  /** Any of these says that the step has not been done and will not be. */
  readonly refused?: readonly EventContract[];
  /** What the story is taken back for when this step is refused. */
  readonly reason: string;
  /** No answer after so many ms: the story is taken back, this step included, which may have been done after all. */
  readonly answerWithinMs: number;
  /**
   * Once it is done there is no way back. Its undo must be answered by `undo.done` or, when it comes too late, by
   * `done`: that turns the story forward again.
   */
  readonly pivot?: boolean;
  readonly undo?: UndoStep<Facts>;
}

/** What a story begins with. */
export interface SagaStart<Facts> {
  readonly name: string;
  readonly event: EventContract;
  readonly facts: (data: unknown) => Facts;
  readonly undo?: UndoStep<Facts>;
}

/** Types what `facts` is given by the contract of the event. */
export function startsOn<Data, Facts>(
  event: EventContract<Data>,
  rest: { readonly name: string; readonly facts: (data: Data) => Facts; readonly undo?: UndoStep<Facts> },
): SagaStart<Facts> {
  return { ...rest, event: event as EventContract, facts: rest.facts as SagaStart<Facts>['facts'] };
}

/** An event of whatever data, for the lists of a step. */
export function on<Data>(event: EventContract<Data>): EventContract {
  return event as EventContract;
}

/** An event by which somebody asks for the whole story to be taken back, and the reason that this is. */
export interface CancelledBy {
  readonly event: EventContract;
  readonly reason: string;
}
