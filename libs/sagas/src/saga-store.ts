import { UnitOfWork } from '@nestbox/database';
import { EVENTING_OPTIONS } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { isOver, LIFETIME } from './saga.js';
import type { SagaDefinition, SagaStatus, SagaDecision } from './saga.js';
import * as sql from './saga.sql.js';
import type { SagasModuleOptions } from './sagas.options.js';

export interface StoredSaga {
  readonly status: SagaStatus;
  readonly state: unknown;
  readonly version: number;
  readonly correlationId: string;
  readonly traceId: string;
  /** The span in which the saga began, as a W3C traceparent; null for sagas older than this column. */
  readonly traceparent: string | null;
}

export interface EarlyEvent {
  readonly eventId: string;
  readonly type: string;
  readonly data: unknown;
}

/** One entry of a saga's history. */
export interface HistoryEntry {
  readonly cause: string;
  readonly eventId?: string;
  readonly answer: 'taken' | 'ignored' | 'late';
  readonly decision?: SagaDecision;
  readonly note?: string;
}

/** Reads and writes sagas in the running unit of work. */
@Injectable()
export class SagaStore {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(EVENTING_OPTIONS) private readonly options: SagasModuleOptions,
  ) {}

  /** Locks the saga until the transaction ends: other messages for it wait, and then see the saved state. */
  async lock(saga: string, id: string): Promise<StoredSaga | undefined> {
    const values = [saga, id];
    const { rows } = await this.unitOfWork.current.query<StoredSaga & object>({ ...sql.LOCK, values });
    if (rows[0]) return rows[0];
    this.unitOfWork.write({ ...sql.LOCK_NAME, values });
    return (await this.unitOfWork.current.query<StoredSaga & object>({ ...sql.LOCK, values })).rows[0];
  }

  /** `before` is undefined for a new saga. */
  save({ id: saga, lifetimeMs }: SagaDefinition, id: string, next: StoredSaga, { timeouts = {}, note }: SagaDecision, before?: StoredSaga): void {
    const { status, version, correlationId, traceId, traceparent } = next;
    const values = [saga, id, status, JSON.stringify(next.state), version, note ?? null];
    const over = isOver(status);
    if (before) this.unitOfWork.write({ ...sql.UPDATE, values: [...values, over] });
    else this.unitOfWork.write({ ...sql.INSERT, values: [...values, correlationId, traceId, over, traceparent] });
    if (over) this.unitOfWork.write({ ...sql.DROP_TIMEOUTS, values: [saga, id] });
    else this.setTimeouts(saga, id, before ? timeouts : { [LIFETIME]: lifetimeMs, ...timeouts });
  }

  note(saga: string, id: string, { status, version }: Pick<StoredSaga, 'status' | 'version'>, entry: HistoryEntry): void {
    const { cause, eventId = null, answer, decision } = entry;
    const commands = (decision?.commands ?? []).map(({ contract }) => contract.type);
    const timeouts = JSON.stringify(decision?.timeouts ?? {});
    const note = entry.note ?? decision?.note ?? null;
    this.unitOfWork.write({ ...sql.INSERT_HISTORY, values: [saga, id, version, cause, eventId, answer, status, commands, timeouts, note] });
  }

  /** Deletes the timeout if it is still set and due; returns whether it did. */
  async takeTimeout(saga: string, id: string, name: string): Promise<boolean> {
    const { rows } = await this.unitOfWork.current.query({ ...sql.TAKE_TIMEOUT, values: [saga, id, name] });
    return rows.length > 0;
  }

  keepEarly(saga: string, id: string, { eventId, type, data }: EarlyEvent): void {
    this.unitOfWork.write({ ...sql.KEEP_EARLY, values: [saga, id, eventId, type, JSON.stringify(data)] });
  }

  /** Removes and returns the events that arrived before the saga started, in order of arrival. */
  async takeEarly(saga: string, id: string): Promise<readonly EarlyEvent[]> {
    const { rows } = await this.unitOfWork.current.query<EarlyEvent & object>({ ...sql.TAKE_EARLY, values: [saga, id] });
    return rows;
  }

  private setTimeouts(saga: string, id: string, timeouts: Readonly<Record<string, number | null>>): void {
    const { timeScale = 1 } = this.options.sagas ?? {};
    for (const [name, ms] of Object.entries(timeouts)) {
      if (ms === null) this.unitOfWork.write({ ...sql.DROP_TIMEOUT, values: [saga, id, name] });
      else this.unitOfWork.write({ ...sql.SET_TIMEOUT, values: [saga, id, name, ms * timeScale] });
    }
  }
}
