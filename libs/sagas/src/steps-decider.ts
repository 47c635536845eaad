import { LIFETIME } from './saga.js';
import type { SagaAnswer, SagaMessage, SagaDecision } from './saga.js';
import type { CancelledBy, SagaStart, SagaStep } from './step.js';
import { MOST_TRIES, waitAfter } from './steps-state.js';
import type { StepMark, StepsState } from './steps-state.js';

type Message<Kind> = Extract<SagaMessage, { kind: Kind }>;

/** The rules of a story in steps. Pure; one instance serves all sagas. */
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
    if (message.kind === 'event') return this.hear(state, message.type);
    if (message.kind === 'timeout') return this.timeOut(state, message.name);
    return this.obey(state, message.act);
  }

  private begin({ type, data }: Message<'event'>): SagaAnswer<StepsState<Facts>> {
    const { name, event, facts } = this.start;
    if (type !== event.type) return 'ignored';
    return this.forward({ facts: facts(data), marks: {}, at: name, direction: 'forward', tries: 1 }, null);
  }

  private hear(state: StepsState<Facts>, type: string): SagaAnswer<StepsState<Facts>> {
    for (const step of this.steps) {
      if (step.done.type === type) return this.succeeded(state, step);
      if (step.refused?.some((event) => event.type === type)) return this.refused(state, step);
    }
    const undone = this.order.find(({ undo }) => undo?.done.some((event) => event.type === type));
    if (undone) return this.undone(state, undone.name);
    const wish = this.cancelledBy.find(({ event }) => event.type === type);
    return wish ? this.callOff(state, wish.reason) : 'ignored';
  }

  private succeeded(state: StepsState<Facts>, step: SagaStep<Facts>): SagaAnswer<StepsState<Facts>> {
    const awaited = state.at === step.name;
    if (state.direction === 'forward') return awaited ? this.forward(state) : 'ignored';
    if (awaited && step.pivot) {
      return this.forward({ ...state, direction: 'forward', reason: undefined, cancelledBy: undefined }, timeoutOf(state));
    }
    if (awaited) return { state: marked(state, step.name, 'done') };
    // Done after all, when it was thought undone or had not been waited for: it is undone (again), then the rest.
    return state.marks[step.name] === 'done' ? 'ignored' : this.back(marked(state, step.name, 'done'), step.name);
  }

  private refused(state: StepsState<Facts>, step: SagaStep<Facts>): SagaAnswer<StepsState<Facts>> {
    if (state.at !== step.name) return 'ignored';
    // Only forward from here, and that is refused: a person has to find another way.
    if (this.isPastPivot(state)) return stuck(state, `${step.name} was refused past the point of no return`);
    return this.back({ ...marked(state, step.name, 'refused'), reason: state.reason ?? step.reason }, step.name);
  }

  private undone(state: StepsState<Facts>, name: string): SagaAnswer<StepsState<Facts>> {
    if (this.isPastPivot(state) || state.marks[name] === 'undone') return 'ignored';
    const next = marked(state, name, 'undone');
    // Somebody else has taken it back: the story cannot go on without it.
    if (state.direction === 'forward') return this.callOff(next, 'undone elsewhere');
    return state.at === name ? this.back(next, name) : { state: next };
  }

  private callOff(state: StepsState<Facts>, reason: string): SagaAnswer<StepsState<Facts>> {
    if (state.direction === 'back' || this.isPastPivot(state)) return 'ignored';
    return this.back({ ...state, reason, cancelledBy: true }, state.at);
  }

  private timeOut(state: StepsState<Facts>, name: string): SagaAnswer<StepsState<Facts>> {
    const noWayBack = state.direction === 'back' || this.isPastPivot(state);
    if (name === LIFETIME) return noWayBack ? stuck(state, 'its lifetime is over') : this.runOut(state);
    if (name !== timeoutOf(state)) return 'ignored';
    if (!noWayBack) return this.runOut(state);
    if (state.tries >= MOST_TRIES) return stuck(state, `${name}: no answer after ${state.tries} tries`);
    return this.ask({ ...state, tries: state.tries + 1 });
  }

  private runOut(state: StepsState<Facts>): SagaDecision<StepsState<Facts>> {
    return this.back({ ...state, reason: 'timeout' }, state.at);
  }

  private obey(state: StepsState<Facts>, act: 'retry' | 'cancel'): SagaAnswer<StepsState<Facts>> {
    return act === 'retry' ? this.ask({ ...state, tries: 1 }) : this.callOff(state, 'operator');
  }

  /** What is waited for has come: asks for the next step. */
  private forward(before: StepsState<Facts>, answered: string | null = timeoutOf(before)): SagaDecision<StepsState<Facts>> {
    const state = marked(before, before.at, 'done');
    const next = this.order[this.indexOf(before.at) + 1];
    if (!next) return { state, done: 'completed' };
    return this.ask({ ...marked(state, next.name, 'asked'), at: next.name, tries: 1 }, answered);
  }

  /** Asks for the undoing of the last step, from the given one down, that has been done or may have been. */
  private back(before: StepsState<Facts>, from: string): SagaDecision<StepsState<Facts>> {
    const reached = this.order.slice(0, this.indexOf(from) + 1);
    const mayBeDone = (mark: StepMark | undefined) => mark === 'asked' || mark === 'done';
    const last = reached.findLast(({ name, undo }) => undo && mayBeDone(before.marks[name]));
    if (!last) return { state: before, done: before.cancelledBy ? 'cancelled' : 'compensated', note: before.reason };
    return this.ask({ ...before, direction: 'back', at: last.name, tries: 1 }, timeoutOf(before));
  }

  /** Asks for what the state now waits for; `answered` is the timeout of what it waited for before. */
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

/** The name of the timeout that guards what is waited for. */
function timeoutOf({ at, direction }: StepsState<unknown>): string {
  return direction === 'back' ? `undo ${at}` : at;
}

function marked<Facts>(state: StepsState<Facts>, name: string, mark: StepMark): StepsState<Facts> {
  return { ...state, marks: { ...state.marks, [name]: mark } };
}

function stuck<Facts>(state: StepsState<Facts>, note: string): SagaDecision<StepsState<Facts>> {
  return { state, status: 'stuck', note };
}
