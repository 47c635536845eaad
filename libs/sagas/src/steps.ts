import { defineSaga } from './saga.js';
import type { SagaDefinition, SagaEvent } from './saga.js';
import type { CancelledBy, SagaStart, SagaStep, StepsState } from './step.js';
import { StepsDecider } from './steps-decider.js';

export interface StepsSpec<Facts> {
  readonly id: string;
  readonly lifetimeMs: number;
  readonly start: SagaStart<Facts>;
  readonly steps: readonly SagaStep<Facts>[];
  readonly cancelledBy?: readonly CancelledBy[];
}

/**
 * A saga as a list of steps. Each step is asked for when the one before is done. When a step is refused, cancelled or not
 * answered in time, the done steps are undone in reverse order, one at a time. Each undo is repeated with growing waits
 * until it is answered; after the last try the saga is stuck. A step that proves to be done after all is undone too.
 */
export function sagaInSteps<Facts>({ id, lifetimeMs, start, steps, cancelledBy = [] }: StepsSpec<Facts>): SagaDefinition {
  const all = [start, ...steps];
  const heard = new Map<string, SagaEvent>();
  for (const step of steps) for (const event of [step.done, ...(step.refused ?? [])]) heard.set(event.type, event);
  for (const { undo } of all) for (const event of undo?.done ?? []) heard.set(event.type, event);
  for (const { event } of cancelledBy) heard.set(event.type, event);
  const decider = new StepsDecider(start, steps, cancelledBy);
  return defineSaga<StepsState<Facts>>({
    id,
    starts: start.event,
    hears: [...heard.values()],
    lifetimeMs,
    decide: (state, message) => decider.decide(state, message),
  });
}
