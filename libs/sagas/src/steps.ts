import type { EventContract } from '@nestbox/kernel';
import { defineSaga } from './saga.js';
import type { SagaDefinition } from './saga.js';
import type { CancelledBy, SagaStart, SagaStep } from './step.js';
import { StepsDecider } from './steps-decider.js';
import type { StepsState } from './steps-state.js';

export interface StepsSpec<Facts> {
  readonly id: string;
  readonly lifetimeMs: number;
  readonly start: SagaStart<Facts>;
  readonly steps: readonly SagaStep<Facts>[];
  readonly cancelledBy?: readonly CancelledBy[];
}

/**
 * A saga as a list of steps. Each is asked for when the one before is done. What is refused, called off or not answered
 * in time is taken back in reverse, one undo after the other, each asked for again with growing waits until it is
 * answered; after the last try the saga is stuck. A step that turns out to have been done after all is undone too.
 */
export function sagaInSteps<Facts>({ id, lifetimeMs, start, steps, cancelledBy = [] }: StepsSpec<Facts>): SagaDefinition {
  const all = [start, ...steps];
  const heard = new Map<string, EventContract>();
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
