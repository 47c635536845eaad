import type { EventContract } from './event.js';

/** The step from one version of an event to the next: pure, and applied wherever an old event is read. */
export interface Upcaster<Data> {
  readonly from: EventContract;
  readonly upcast: (old: unknown) => Data;
}

/** `old` has been checked against its own contract before. What `upcast` returns is checked against the new one. */
export function upcastFrom<Old, Data>(from: EventContract<Old>, upcast: (old: Old) => Data): Upcaster<Data> {
  return { from: from as EventContract, upcast: upcast as (old: unknown) => Data };
}
