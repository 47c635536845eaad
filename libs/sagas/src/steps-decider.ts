import { backOff } from '@nestbox/kernel';
import { LIFETIME } from './saga.js';
import type { SagaAnswer, SagaDecision, SagaMessage } from './saga.js';
import type { CancelledBy, SagaStart, SagaStep, StepMark, StepsState } from './step.js';

/** Tries of one command that must be answered, before a person is called. */
const MOST_TRIES = 10;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;

type Message<Kind> = Extract<SagaMessage, { kind: Kind }>;

/** The rules of a saga in steps. Pure; one instance serves all sagas of a definition. */
export class StepsDecider<Facts> {
  private readonly order: readonly (SagaStart<Facts> | SagaStep<Facts>)[];

  constructor(
    private readonly start: SagaStart<Facts>,
    private readonly steps: readonly SagaStep<Facts>[],
    private readonly cancelledBy: readonly CancelledBy[],
  ) {
    this.order = [start, ...steps];
  }

  decide(state: StepsState<Facts> | undefined, message: SagaMessage): SagaAnswer<StepsState<Facts>> {
    if (state === undefined) return message.kind === 'event' ? this.begin(message) : 'ignored';
    if (message.kind === 'event') return this.onEvent(state, message.type);
    if (message.kind === 'timeout') return this.onTimeout(state, message.name);
    return this.onOperator(state, message.act);
  }

  private begin({ type, data }: Message<'event'>): SagaAnswer<StepsState<Facts>> {
    const { name, event, facts } = this.start;
    if (type !== event.type) return 'ignored';
    return this.forward({ facts: facts(data), marks: {}, at: name, direction: 'forward', tries: 1 }, null);
  }

  private onEvent(state: StepsState<Facts>, type: string): SagaAnswer<StepsState<Facts>> {
    for (const step of this.steps) {
      if (step.done.type === type) return this.succeeded(state, step);
      if (step.refused?.some((event) => event.type === type)) return this.refused(state, step);
    }
    const undone = this.order.find(({ undo }) => undo?.done.some((event) => event.type === type));
    if (undone) return this.undone(state, undone.name);
    const cancellation = this.cancelledBy.find(({ event }) => event.type === type);
    return cancellation ? this.cancel(state, cancellation.reason) : 'ignored';
  }

  private succeeded(state: StepsState<Facts>, step: SagaStep<Facts>): SagaAnswer<StepsState<Facts>> {
    const awaited = state.at === step.name;
    if (state.direction === 'forward') return awaited ? this.forward(state) : 'ignored';
    if (awaited && step.pivot) {
      return this.forward({ ...state, direction: 'forward', reason: undefined, calledOff: undefined }, timeoutOf(state));
    }
    if (awaited) return { state: marked(state, step.name, 'done') };
    // Done unexpectedly: nobody waited for it, or it counted as undone. It is undone (again), then the steps before it.
    return state.marks[step.name] === 'done' ? 'ignored' : this.back(marked(state, step.name, 'done'), step.name);
  }

  private refused(state: StepsState<Facts>, step: SagaStep<Facts>): SagaAnswer<StepsState<Facts>> {
    if (state.at !== step.name) return 'ignored';
    // It cannot go back any more, and going forward was refused: a person has to decide.
    if (this.isPastPivot(state)) return stuck(state, `${step.name} was refused past the point of no return`);
    return this.back({ ...marked(state, step.name, 'refused'), reason: state.reason ?? step.reason }, step.name);
  }

  private undone(state: StepsState<Facts>, name: string): SagaAnswer<StepsState<Facts>> {
    if (this.isPastPivot(state) || state.marks[name] === 'undone') return 'ignored';
    const next = marked(state, name, 'undone');
    // Somebody else undid the step: the saga cannot go on without it.
    if (state.direction === 'forward') return this.cancel(next, 'undone elsewhere');
    return state.at === name ? this.back(next, name) : { state: next };
  }

  private cancel(state: StepsState<Facts>, reason: string): SagaAnswer<StepsState<Facts>> {
    if (state.direction === 'back' || this.isPastPivot(state)) return 'ignored';
    return this.back({ ...state, reason, calledOff: true }, state.at);
  }

  private onTimeout(state: StepsState<Facts>, name: string): SagaAnswer<StepsState<Facts>> {
    const noWayBack = state.direction === 'back' || this.isPastPivot(state);
    if (name === LIFETIME) return noWayBack ? stuck(state, 'its lifetime is over') : this.undoAfterTimeout(state);
    if (name !== timeoutOf(state)) return 'ignored';
    if (!noWayBack) return this.undoAfterTimeout(state);
    if (state.tries >= MOST_TRIES) return stuck(state, `${name}: no answer after ${state.tries} tries`);
    return this.ask({ ...state, tries: state.tries + 1 });
  }

  private undoAfterTimeout(state: StepsState<Facts>): SagaDecision<StepsState<Facts>> {
    return this.back({ ...state, reason: 'timeout' }, state.at);
  }

  private onOperator(state: StepsState<Facts>, act: 'retry' | 'cancel'): SagaAnswer<StepsState<Facts>> {
    return act === 'retry' ? this.ask({ ...state, tries: 1 }) : this.cancel(state, 'operator');
  }

  /** The awaited answer has arrived: asks for the next step. */
  private forward(before: StepsState<Facts>, answered: string | null = timeoutOf(before)): SagaDecision<StepsState<Facts>> {
    const state = marked(before, before.at, 'done');
    const next = this.order[this.indexOf(before.at) + 1];
    if (!next) return { state, done: 'completed' };
    return this.ask({ ...marked(state, next.name, 'asked'), at: next.name, tries: 1 }, answered);
  }

  /** Searches from the given step backwards for one that was or may have been done, and asks to undo it. */
  private back(before: StepsState<Facts>, from: string): SagaDecision<StepsState<Facts>> {
    const reached = this.order.slice(0, this.indexOf(from) + 1);
    const mayBeDone = (mark: StepMark | undefined) => mark === 'asked' || mark === 'done';
    const last = reached.findLast(({ name, undo }) => undo && mayBeDone(before.marks[name]));
    if (!last) return { state: before, done: before.calledOff ? 'cancelled' : 'compensated', note: before.reason };
    return this.ask({ ...before, direction: 'back', at: last.name, tries: 1 }, timeoutOf(before));
  }

  /** Sends the command whose answer the state awaits. `answered` is the timeout of the previous command. */
  private ask(state: StepsState<Facts>, answered: string | null = null): SagaDecision<StepsState<Facts>> {
    const { facts, reason = '', tries } = state;
    const isBack = state.direction === 'back';
    const step = this.order[this.indexOf(state.at)] as SagaStep<Facts>;
    const command = isBack ? step.undo!.ask(facts, reason) : step.ask?.(facts);
    const waitMs = isBack || this.isPastPivot(state) ? waitAfter(tries) : step.answerWithinMs;
    return {
      state,
      commands: command ? [command] : [],
      timeouts: { ...(answered === null ? {} : { [answered]: null }), [timeoutOf(state)]: waitMs },
      status: isBack ? 'compensating' : 'running',
      note: state.reason,
    };
  }

  private isPastPivot({ marks }: StepsState<Facts>): boolean {
    return this.steps.some(({ name, pivot }) => pivot && marks[name] === 'done');
  }

  private indexOf(name: string): number {
    const index = this.order.findIndex((step) => step.name === name);
    if (index < 0) throw new Error(`This saga waits for the step ${name}, which its definition no longer has: bring it back.`);
    return index;
  }
}

/** The name of the timeout for the awaited answer. */
function timeoutOf({ at, direction }: StepsState<unknown>): string {
  return direction === 'back' ? `undo ${at}` : at;
}

/** 5 s, doubling to 5 min. */
function waitAfter(tries: number): number {
  return backOff(tries - 1, { firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS });
}

function marked<Facts>(state: StepsState<Facts>, name: string, mark: StepMark): StepsState<Facts> {
  return { ...state, marks: { ...state.marks, [name]: mark } };
}

function stuck<Facts>(state: StepsState<Facts>, note: string): SagaDecision<StepsState<Facts>> {
  return { state, status: 'stuck', note };
}
