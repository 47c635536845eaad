import type { EventContract, IssuedCommand, PersonalData } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';

export type SagaEnd = 'completed' | 'compensated' | 'cancelled';
/** `stuck`: it needs a person and has raised an alert; it still reacts to messages. */
export type SagaStatus = 'running' | 'compensating' | 'stuck' | SagaEnd;

/** The name of the timeout that every saga has from its start. */
export const LIFETIME = 'lifetime';

/** What a saga reacts to: an event, the end of a timeout, or an operator's action. */
export type SagaMessage =
  | { readonly kind: 'event'; readonly type: string; readonly data: unknown }
  | { readonly kind: 'timeout'; readonly name: string }
  | { readonly kind: 'operator'; readonly act: 'retry' | 'cancel' };

/** The result of handling a message. */
export interface SagaDecision<State = unknown> {
  readonly state: State;
  /** Sent in this order, in the transaction of the new state. */
  readonly commands?: readonly IssuedCommand[];
  /** By name: ms from now, replacing a timeout of that name; null cancels it. The end of the saga cancels all. */
  readonly timeouts?: Readonly<Record<string, number | null>>;
  /** The status of a saga that goes on. Default: unchanged, and `running` at the start. */
  readonly status?: Exclude<SagaStatus, SagaEnd>;
  /** Set when the saga ends: its final status. */
  readonly done?: SagaEnd;
  /** The reason, in a few words for people. */
  readonly note?: string;
}

/** `ignored`: the message needs no action, for example because it is late or a duplicate. */
export type SagaAnswer<State = unknown> = SagaDecision<State> | 'ignored';

/** An event contract with any type of data. */
export type SagaEvent = Omit<EventContract, 'key' | 'personal'> & {
  readonly key: (data: never) => string;
  readonly personal?: PersonalData;
};

/** A saga as one pure function. Its state is stored as JSON. */
export interface SagaDefinition<State = unknown> {
  /** A handler id, `<context>.<thing>`: written by hand and frozen. */
  readonly id: string;
  /** The event that starts a saga; the event's key is the saga's id. */
  readonly starts: EventContract;
  /** Every other event that it handles, all with the same key. */
  readonly hears: readonly EventContract[];
  /** After this many ms the decider gets the timeout `lifetime`; a saga that still runs after it is stuck. */
  readonly lifetimeMs: number;
  /** Pure. `state` is undefined for the event that starts it. */
  readonly decide: (state: State | undefined, message: SagaMessage) => SagaAnswer<State>;
}

/** A definition whose events are listed with their own data types. */
export type SagaSpec<State> = Omit<SagaDefinition<State>, 'starts' | 'hears'> & {
  readonly starts: SagaEvent;
  readonly hears: readonly SagaEvent[];
};

/** Checks a definition. Throws HANDLER_INVALID, naming fault and cure. */
export function defineSaga<State>(definition: SagaSpec<State>): SagaDefinition {
  const { id, starts, hears, lifetimeMs } = definition;
  const refuse = (fault: string) => new EventingError('HANDLER_INVALID', `Saga ${id}: ${fault}`);
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(id)) throw refuse('the id must read <context>.<thing>.');
  if (!(lifetimeMs > 0 && Number.isFinite(lifetimeMs))) throw refuse('give it a lifetimeMs: every saga has to end.');
  const types = [starts, ...hears].map(({ type }) => type);
  const twice = types.find((type, i) => types.indexOf(type) !== i);
  if (twice) throw refuse(`${twice} is listed twice: list it once.`);
  // Safe: a saga reads type and topic of its contracts, and the data that they have already validated.
  return Object.freeze({ ...definition }) as SagaDefinition;
}

export function isOver(status: SagaStatus): status is SagaEnd {
  return status === 'completed' || status === 'compensated' || status === 'cancelled';
}

/** The status of a saga after a decision. */
export function statusAfter({ done, status }: SagaDecision, before: SagaStatus = 'running'): SagaStatus {
  return done ?? status ?? before;
}

/** When the lifetime is over, the saga must not simply go on, whatever the decider answered. */
export function endLifetime<State>(state: State, answer: SagaAnswer<State>, before: SagaStatus): SagaAnswer<State> {
  if (answer !== 'ignored' && statusAfter(answer, before) !== 'running') return answer;
  if (answer === 'ignored' && before !== 'running') return answer;
  const decision = answer === 'ignored' ? { state } : answer;
  return { ...decision, status: 'stuck', note: 'its lifetime is over' };
}
