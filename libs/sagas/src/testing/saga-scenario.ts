import { deepStrictEqual, strictEqual } from 'node:assert';
import type { EventContract, IssuedCommand } from '@nestbox/kernel';
import { endLifetime, isOver, LIFETIME, statusAfter } from '../saga.js';
import type { SagaAnswer, SagaDefinition, SagaMessage, SagaStatus } from '../saga.js';

/** A message for a saga, or the passing of time. */
export type SagaInput = SagaMessage | { readonly kind: 'time'; readonly ms: number };

export function told<Data>({ type }: EventContract<Data>, data: NoInfer<Data>): SagaMessage {
  return { kind: 'event', type, data };
}

/** Advances virtual time; timeouts that become due fire in order. */
export function passes(ms: number): SagaInput {
  return { kind: 'time', ms };
}

export function operator(act: 'retry' | 'cancel'): SagaMessage {
  return { kind: 'operator', act };
}

/** One saga in virtual time: behaves like the runner, without a database. */
export class SimulatedSaga {
  state: unknown;
  status: SagaStatus | 'unborn' = 'unborn';
  nowMs = 0;
  /** All commands that it has sent, oldest first. */
  readonly sent: IssuedCommand[] = [];
  /** When each pending timeout is due, in virtual ms. */
  readonly timeouts = new Map<string, number>();
  private early: SagaMessage[] = [];

  constructor(private readonly saga: SagaDefinition) {}

  /** Continues from a stored state, of this or an older version of the code. */
  resume(state: unknown, status: SagaStatus): void {
    Object.assign(this, { state, status });
  }

  /** Returns the saga's answer; for passing time, its answer to the last timeout that fired. */
  happen(input: SagaInput): SagaAnswer | 'early' | 'late' {
    if (input.kind !== 'time') return this.tell(input);
    const until = this.nowMs + input.ms;
    let answer: SagaAnswer | 'early' | 'late' = 'ignored';
    for (let due = this.nextDue(until); due; due = this.nextDue(until)) {
      this.nowMs = Math.max(this.nowMs, due.at);
      this.timeouts.delete(due.name);
      answer = this.tell({ kind: 'timeout', name: due.name });
    }
    this.nowMs = until;
    return answer;
  }

  private tell(message: SagaMessage): SagaAnswer | 'early' | 'late' {
    if (this.status !== 'unborn') return isOver(this.status) ? 'late' : this.take(message);
    if (message.kind !== 'event') return 'ignored';
    if (message.type !== this.saga.starts.type) {
      this.early.push(message);
      return 'early';
    }
    this.timeouts.set(LIFETIME, this.nowMs + this.saga.lifetimeMs);
    const answer = this.take(message);
    for (const waiting of this.early.splice(0)) this.tell(waiting);
    return answer;
  }

  private take(message: SagaMessage): SagaAnswer {
    const before = this.status === 'unborn' ? 'running' : this.status;
    const decided = this.saga.decide(this.state, message);
    const isEnd = message.kind === 'timeout' && message.name === LIFETIME;
    const answer = isEnd ? endLifetime(this.state, decided, before) : decided;
    if (answer === 'ignored') return answer;
    // The state as it would come back from the database.
    this.state = JSON.parse(JSON.stringify(answer.state));
    this.status = statusAfter(answer, before);
    this.sent.push(...(answer.commands ?? []));
    for (const [name, ms] of Object.entries(answer.timeouts ?? {})) {
      if (ms === null) this.timeouts.delete(name);
      else this.timeouts.set(name, this.nowMs + ms);
    }
    if (isOver(this.status)) this.timeouts.clear();
    return answer;
  }

  private nextDue(until: number): { name: string; at: number } | undefined {
    const due = [...this.timeouts].map(([name, at]) => ({ name, at })).filter(({ at }) => at <= until);
    return due.sort((a, b) => a.at - b.at)[0];
  }
}

/** A rule of a saga as one sentence, in virtual time: `given(…inputs).when(message).then(commands, timeouts)`. */
export function scenario(saga: SagaDefinition) {
  return {
    given: (...past: SagaInput[]) => ({
      when: (input: SagaInput) => {
        const { answer, status } = simulate(saga, past, input);
        return {
          /** Expects exactly these commands, and exactly these timeouts set or (null) cancelled. */
          then: (commands: readonly IssuedCommand[], timeouts: Readonly<Record<string, number | null>> = {}) => {
            deepStrictEqual(typeof answer === 'string' ? answer : (answer.commands ?? []), commands);
            deepStrictEqual(typeof answer === 'string' ? {} : (answer.timeouts ?? {}), timeouts);
          },
          thenEnds: (done: SagaStatus) => strictEqual(status, done),
          thenIs: (answered: 'ignored' | 'early' | 'late') => strictEqual(answer, answered),
        };
      },
    }),
  };
}

/**
 * The saga's answer to every message in every state: one line per state and message, such as
 * `paid + OrderShipped → completed`, or `reserving + timeout → compensating: ReleaseStock`.
 */
export function everyCell(
  saga: SagaDefinition,
  states: Readonly<Record<string, readonly SagaInput[]>>,
  messages: Readonly<Record<string, SagaInput>>,
): string[] {
  return Object.entries(states).flatMap(([state, past]) =>
    Object.entries(messages).map(([name, message]) => {
      const { answer, status } = simulate(saga, past, message);
      return `${state} + ${name} → ${describe(answer, status)}`;
    }),
  );
}

function simulate(saga: SagaDefinition, past: readonly SagaInput[], last: SagaInput) {
  const simulated = new SimulatedSaga(saga);
  for (const input of past) simulated.happen(input);
  return { answer: simulated.happen(last), status: simulated.status };
}

function describe(answer: SagaAnswer | 'early' | 'late', status: string): string {
  if (typeof answer === 'string') return answer;
  const commands = (answer.commands ?? []).map(({ contract }) => contract.type).join(', ');
  return commands ? `${status}: ${commands}` : status;
}
