import { deepStrictEqual, strictEqual } from 'node:assert';
import type { EventContract, IssuedCommand } from '@nestbox/kernel';
import { endLifetime, isOver, LIFETIME, statusAfter } from '../saga.js';
import type { SagaAnswer, SagaDefinition, SagaMessage, SagaStatus } from '../saga.js';

/** Something that happens to a saga: a message, or so many ms go by. */
export type SagaInput = SagaMessage | { readonly kind: 'time'; readonly ms: number };

export function told<Data>({ type }: EventContract<Data>, data: NoInfer<Data>): SagaMessage {
  return { kind: 'event', type, data };
}

/** So many ms of virtual time go by; what is due in them fires, in its order. */
export function passes(ms: number): SagaInput {
  return { kind: 'time', ms };
}

export function operator(act: 'retry' | 'cancel'): SagaMessage {
  return { kind: 'operator', act };
}

/** One saga in virtual time: behaves as the runner does, without a database. */
export class SimulatedSaga {
  state: unknown;
  status: SagaStatus | 'unborn' = 'unborn';
  nowMs = 0;
  /** Everything that it has sent, oldest first. */
  readonly sent: IssuedCommand[] = [];
  /** When each pending timeout is due, in virtual ms. */
  readonly timeouts = new Map<string, number>();
  private early: SagaMessage[] = [];

  constructor(private readonly saga: SagaDefinition) {}

  /** Goes on from what was stored, by whatever version of the code. */
  resume(state: unknown, status: SagaStatus): void {
    Object.assign(this, { state, status });
  }

  /** Returns what it made of that; of time, what it made of the last thing that fell due. */
  happen(happening: SagaInput): SagaAnswer | 'early' | 'late' {
    if (happening.kind !== 'time') return this.tell(happening);
    const until = this.nowMs + happening.ms;
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
    // As the database would give it back.
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

/** `given(what happened).when(message).then(commands, timeouts)`: a saga's rule as one sentence, in virtual time. */
export function scenario(saga: SagaDefinition) {
  return {
    given: (...past: SagaInput[]) => ({
      when: (happening: SagaInput) => {
        const rehearsed = new SimulatedSaga(saga);
        for (const each of past) rehearsed.happen(each);
        const answer = rehearsed.happen(happening);
        return {
          /** These commands and no others; of the timeouts, those that were set or (null) taken back. */
          then: (commands: readonly IssuedCommand[], timeouts: Readonly<Record<string, number | null>> = {}) => {
            deepStrictEqual(typeof answer === 'string' ? answer : (answer.commands ?? []), commands);
            deepStrictEqual(typeof answer === 'string' ? {} : (answer.timeouts ?? {}), timeouts);
          },
          thenEnds: (done: SagaStatus) => strictEqual(rehearsed.status, done),
          thenIs: (answered: 'ignored' | 'early' | 'late') => strictEqual(answer, answered),
        };
      },
    }),
  };
}

/**
 * What a saga makes of every message in every state: one line per state and message, such as
 * `paid + OrderShipped → completed`, or `reserving + timeout → compensating: ReleaseStock`.
 */
export function everyCell(
  saga: SagaDefinition,
  states: Readonly<Record<string, readonly SagaInput[]>>,
  messages: Readonly<Record<string, SagaInput>>,
): string[] {
  return Object.entries(states).flatMap(([state, past]) =>
    Object.entries(messages).map(([name, message]) => {
      const rehearsed = new SimulatedSaga(saga);
      for (const each of past) rehearsed.happen(each);
      const answer = rehearsed.happen(message);
      return `${state} + ${name} → ${describe(answer, rehearsed.status)}`;
    }),
  );
}

function describe(answer: SagaAnswer | 'early' | 'late', status: string): string {
  if (typeof answer === 'string') return answer;
  const commands = (answer.commands ?? []).map(({ contract }) => contract.type).join(', ');
  return commands ? `${status}: ${commands}` : status;
}
