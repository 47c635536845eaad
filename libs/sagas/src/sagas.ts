import type { Authorship } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { Inject, Injectable } from '@nestjs/common';
import { SagaRegistry } from './saga-registry.js';
import { SagaRunner } from './saga-runner.js';
import { SagaCannotBeCancelled, SagaNotFound, SagaOver } from './saga.errors.js';
import type { SagaStatus } from './saga.js';

export interface SagaSummary {
  readonly saga: string;
  readonly id: string;
  readonly status: SagaStatus;
  /** The reason for its status, in a few words. */
  readonly note: string | null;
  readonly startedAt: Date;
  readonly changedAt: Date;
  readonly endedAt: Date | null;
}

/** One message that a saga got, and its result. */
export interface SagaDecisionRecord {
  readonly at: Date;
  /** An event's type, `timeout <name>`, `operator retry` or `operator cancel`. */
  readonly cause: string;
  readonly eventId: string | null;
  /** `late`: the saga was already over. */
  readonly answer: 'taken' | 'ignored' | 'late';
  readonly status: SagaStatus;
  readonly commands: readonly string[];
  readonly note: string | null;
}

export interface SagaDetail extends SagaSummary {
  readonly state: unknown;
  /** Oldest first. */
  readonly history: readonly SagaDecisionRecord[];
  readonly timeouts: readonly { readonly name: string; readonly dueAt: Date }[];
}

export interface SagaFilter {
  readonly saga?: string;
  readonly status?: SagaStatus;
  /** Only those after this one, in the order of the list. */
  readonly after?: string;
  /** Page size. Default 50, at most 500. */
  readonly limit?: number;
}

const SUMMARY = `saga, id, status, note, started_at AS "startedAt", changed_at AS "changedAt", ended_at AS "endedAt"`;
const LIST = `SELECT ${SUMMARY} FROM nestbox.sagas
  WHERE saga = ANY ($1) AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR id < $3)
  ORDER BY id DESC LIMIT $4`;
const GET = `SELECT ${SUMMARY}, state FROM nestbox.sagas WHERE saga = $1 AND id = $2`;
const STUCK = `SELECT saga, count(*)::int AS stuck FROM nestbox.sagas WHERE saga = ANY ($1) AND status = 'stuck' GROUP BY saga`;
const OPEN = `SELECT saga, status, count(*)::int AS open, extract(epoch FROM clock_timestamp() - min(started_at))::float8 AS "oldestSeconds"
  FROM (SELECT saga, status, started_at FROM nestbox.sagas WHERE saga = ANY ($1) AND status IN ('running', 'compensating', 'stuck')
    LIMIT 100000) open
  GROUP BY saga, status`;
const HISTORY = `SELECT at, cause, event_id AS "eventId", answer, status, commands, note
  FROM nestbox.saga_turns WHERE saga = $1 AND id = $2 ORDER BY n`;
const TIMEOUTS = `SELECT name, due_at AS "dueAt" FROM nestbox.saga_timeouts WHERE saga = $1 AND id = $2 ORDER BY due_at`;

/** Lists sagas, and lets an operator retry or cancel one. */
@Injectable()
export class Sagas {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(SagaRegistry) private readonly registry: SagaRegistry,
    @Inject(SagaRunner) private readonly runner: SagaRunner,
  ) {}

  /** The youngest first, by their ids (UUIDs of version 7 begin with their time). */
  async list({ saga, status, after, limit = 50 }: SagaFilter = {}): Promise<readonly SagaSummary[]> {
    const names = this.names.filter((name) => saga === undefined || name === saga);
    // A context without sagas has no saga tables.
    if (names.length === 0) return [];
    const values = [names, status ?? null, after ?? null, Math.min(limit, 500)];
    return this.unitOfWork.manager.query<SagaSummary[]>(LIST, values);
  }

  async get(saga: string, id: string): Promise<SagaDetail | undefined> {
    const { manager } = this.unitOfWork;
    const [row]: (SagaSummary & { state: unknown })[] = await manager.query(GET, [saga, id]);
    if (!row) return undefined;
    const history: SagaDecisionRecord[] = await manager.query(HISTORY, [saga, id]);
    const timeouts: SagaDetail['timeouts'] = await manager.query(TIMEOUTS, [saga, id]);
    return { ...row, history, timeouts };
  }

  /** All sagas of this context with this id. */
  async of(id: string): Promise<readonly SagaDetail[]> {
    const found = await Promise.all(this.names.map((name) => this.get(name, id)));
    return found.filter((saga) => saga !== undefined);
  }

  /** Sends the command again whose answer the saga awaits. Throws SAGA_NOT_FOUND or SAGA_OVER. */
  async retry(saga: string, id: string, authorship: Authorship): Promise<void> {
    await this.operate(saga, id, 'retry', authorship);
  }

  /** Undoes the saga. Throws SAGA_NOT_FOUND, SAGA_OVER or SAGA_CANNOT_BE_CANCELLED. */
  async cancel(saga: string, id: string, authorship: Authorship): Promise<void> {
    if ((await this.operate(saga, id, 'cancel', authorship)) === 'ignored') throw new SagaCannotBeCancelled(saga, id);
  }

  /** The number of stuck instances per saga; sagas without any are left out. */
  async stuck(): Promise<readonly { readonly saga: string; readonly stuck: number }[]> {
    const { names } = this;
    return names.length === 0 ? [] : this.unitOfWork.manager.query(STUCK, [names]);
  }

  /** Per saga and status: the number of instances that are not over, and the age of the oldest in seconds. */
  async open(): Promise<readonly { readonly saga: string; readonly status: SagaStatus; readonly open: number; readonly oldestSeconds: number }[]> {
    const { names } = this;
    return names.length === 0 ? [] : this.unitOfWork.manager.query(OPEN, [names]);
  }

  private get names(): string[] {
    return this.registry.sagas.map(({ id }) => id);
  }

  private async operate(name: string, id: string, act: 'retry' | 'cancel', { actor, reason }: Authorship) {
    const saga = this.registry.find(name);
    const answer = saga && (await this.runner.handleOperator(saga, id, act, `${actor}: ${reason}`));
    if (answer === undefined) throw new SagaNotFound(name, id);
    if (answer === 'late') throw new SagaOver(name, id);
    return answer;
  }
}
