import type { EventContract, IssuedCommand } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';

export type SagaEnd = 'completed' | 'compensated' | 'cancelled';
/** `stuck`: it needs a person, has said so, and is still listening. */
export type SagaStatus = 'running' | 'compensating' | 'stuck' | SagaEnd;

/** The name of the one timeout that every saga has from its start. */
export const LIFETIME = 'lifetime';

/** What a saga can be told: an event, that the time which it asked for is over, or what an operator wants. */
export type SagaMessage =
  | { readonly kind: 'event'; readonly type: string; readonly data: unknown }
  | { readonly kind: 'timeout'; readonly name: string }
  | { readonly kind: 'operator'; readonly act: 'retry' | 'cancel' };

/** What follows from a message. */
export interface SagaDecision<State = unknown> {
  readonly state: State;
  /** Sent in this order, in the transaction of the new state. */
  readonly commands?: readonly IssuedCommand[];
  /** By name: ms from now, replacing one of that name; null takes it back. All are taken back when the saga is over. */
  readonly timeouts?: Readonly<Record<string, number | null>>;
  /** Where it stands while it is not over. Default: as before, and `running` at the start. */
  readonly status?: Exclude<SagaStatus, SagaEnd>;
  /** Set when the saga is over: what came of it. */
  readonly done?: SagaEnd;
  /** A few words for people on why. */
  readonly note?: string;
}

/** `ignored`: the saga knows the message and has nothing to do for it, such as for one that comes late or twice. */
export type SagaAnswer<State = unknown> = SagaDecision<State> | 'ignored';

/** A long story as one pure function. State is kept as JSON. */
export interface SagaDefinition<State = unknown> {
  /** A handler id, `<context>.<thing>`: written by hand and frozen. */
  readonly id: string;
  /** The event that a saga begins with; its key is the saga's id. */
  readonly starts: EventContract;
  /** Every other event that it listens to, all with the same key. */
  readonly hears: readonly EventContract[];
  /** After so many ms the decider is told `timeout lifetime`; a saga that still runs after that is stuck. */
  readonly lifetimeMs: number;
  /** Pure. `state` is undefined for the event that starts it. */
  readonly decide: (state: State | undefined, message: SagaMessage) => SagaAnswer<State>;
}

/** Checks a definition. Throws HANDLER_INVALID, naming fault and cure. */
export function defineSaga<State>(definition: SagaDefinition<State>): SagaDefinition {
  const { id, starts, hears, lifetimeMs } = definition;
  const refuse = (fault: string) => new EventingError('HANDLER_INVALID', `Saga ${id}: ${fault}`);
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(id)) throw refuse('the id must read <context>.<thing>.');
  if (!(lifetimeMs > 0 && Number.isFinite(lifetimeMs))) throw refuse('give it a lifetimeMs: every saga has to end.');
  const types = [starts, ...hears].map(({ type }) => type);
  const twice = types.find((type, i) => types.indexOf(type) !== i);
  if (twice) throw refuse(`${twice} stands twice among what it hears: name it once.`);
  return Object.freeze({ ...definition, decide: definition.decide as SagaDefinition['decide'] });
}

export function isOver(status: SagaStatus): status is SagaEnd {
  return status === 'completed' || status === 'compensated' || status === 'cancelled';
}

/** Where a saga stands after a turn. */
export function statusAfter({ done, status }: SagaDecision, before: SagaStatus = 'running'): SagaStatus {
  return done ?? status ?? before;
}

/** The lifetime is over: whatever the decider made of that, it must not just go on. */
export function endLifetime<State>(state: State, answer: SagaAnswer<State>, before: SagaStatus): SagaAnswer<State> {
  if (answer !== 'ignored' && statusAfter(answer, before) !== 'running') return answer;
  if (answer === 'ignored' && before !== 'running') return answer;
  const turn = answer === 'ignored' ? { state } : answer;
  return { ...turn, status: 'stuck', note: 'its lifetime is over' };
}
