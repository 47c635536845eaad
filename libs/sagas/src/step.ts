import type { EventContract, IssuedCommand } from '@nestbox/kernel';
import type { SagaEvent } from './saga.js';

/** How a step is undone. The recipient of the command must ignore a forward command of this step that arrives later. */
export interface UndoStep<Facts> {
  /** `reason` says why the saga is undone: a step's `reason`, `timeout`, or the reason of a cancellation. */
  readonly ask: (facts: Facts, reason: string) => IssuedCommand;
  /** Each of these events says that the step is fully undone. */
  readonly done: readonly SagaEvent[];
}

/** One step of a saga. Steps run in order; undoing runs in reverse order. */
export interface SagaStep<Facts> {
  readonly name: string;
  /** The command of the step. Left out where a context acts by itself on the event that starts the saga. */
  readonly ask?: (facts: Facts) => IssuedCommand;
  readonly done: SagaEvent;
  /** Each of these events says that the step was not done and will not be. */
  readonly refused?: readonly SagaEvent[];
  /** The reason for undoing the saga when this step is refused. */
  readonly reason: string;
  /** Without an answer after this many ms the saga is undone, with this step included: it may have been done after all. */
  readonly answerWithinMs: number;
  /**
   * The point of no return: once it is done, nothing is undone. Its undo must be answered by `undo.done` or, when it comes
   * too late, by `done`; then the saga goes forward again.
   */
  readonly pivot?: boolean;
  readonly undo?: UndoStep<Facts>;
}

/** The event that starts a saga, and the facts that the saga keeps of it. */
export interface SagaStart<Facts> {
  readonly name: string;
  readonly event: EventContract;
  readonly facts: (data: unknown) => Facts;
  readonly undo?: UndoStep<Facts>;
}

/** Types the argument of `facts` by the contract of the event. */
export function startsOn<Data, Facts>(
  event: EventContract<Data>,
  rest: { readonly name: string; readonly facts: (data: Data) => Facts; readonly undo?: UndoStep<Facts> },
): SagaStart<Facts> {
  return { ...rest, event: event as EventContract, facts: rest.facts as SagaStart<Facts>['facts'] };
}

/** An event that cancels the saga, and the reason given to the undo commands. */
export interface CancelledBy {
  readonly event: SagaEvent;
  readonly reason: string;
}

/** The state of one step; absent until the step is asked for. */
export type StepMark = 'asked' | 'done' | 'refused' | 'undone';

/** Steps are kept by name, not by number: a step that is added later does not shift those of running sagas. */
export interface StepsState<Facts> {
  readonly facts: Facts;
  readonly marks: Readonly<Record<string, StepMark>>;
  /** The step whose answer, or whose undoing, is awaited. */
  readonly at: string;
  readonly direction: 'forward' | 'back';
  /** How often that was asked for. */
  readonly tries: number;
  /** Why the saga is undone. */
  readonly reason?: string;
  /** The saga was cancelled, so it ends `cancelled` instead of `compensated`. Stored states have this name: it must stay. */
  readonly calledOff?: boolean;
}
