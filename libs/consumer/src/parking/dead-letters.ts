import { setTimeout as pause } from 'node:timers/promises';
import { UnitOfWork } from '@nestbox/database';
import { inParallel } from '@nestbox/kernel';
import { describeFailure, RecordReader } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Authorship } from '../audit/audit.js';
import { DeadLetterClosed, DeadLetterNotFound, DeadLetterNotHead, isId } from './dead-letter.js';
import type { DeadLetter, DeadLetterDetail, DeadLetterFilter, DeadLetterSelection } from './dead-letter.js';
import { causes, GET, page, queues } from './dead-letters.sql.js';
import type { Query } from './dead-letters.sql.js';
import { DeadLetterEditor } from './dead-letter-editor.js';
import type { DeadLetterEdit } from './dead-letter-editor.js';
import { Redriver } from './redriver.js';

export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  /** Pass it as `after` to get the next page. Undefined on the last page. */
  readonly next?: string;
}

export interface CauseCount {
  readonly handler: string;
  readonly cause: string;
  readonly letters: number;
  readonly keys: number;
  readonly since: Date;
}

export interface RedriveOptions extends Authorship {
  /** Only reports what would be redriven. */
  readonly dryRun?: boolean;
  /** At most this many dead letters per second. Default: no limit. */
  readonly ratePerSecond?: number;
  /** Stops between two dead letters. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: RedriveReport) => void;
}

export interface RedriveReport {
  /** The keys, and dead letters that are alone, that were redriven (in a dry run: would be redriven). */
  readonly queues: readonly { readonly handler: string; readonly key: string; readonly matching: number }[];
  readonly redriven: number;
  /** The dead letters that failed again and stay parked. Their queues stopped there. */
  readonly failed: readonly { readonly id: string; readonly handler: string; readonly key: string; readonly error: string }[];
}

interface Queue {
  readonly handler: string;
  readonly key: string;
  /** Set when only this dead letter is redriven, not the rest of its key. */
  readonly id: string | null;
  readonly matching: number;
}

interface RedriveProgress extends RedriveReport {
  redriven: number;
  readonly failed: RedriveReport['failed'][number][];
}

const QUEUES_AT_ONCE = 4;
const MAX_PAGE = 500;

/** What operators can do with dead letters. */
@Injectable()
export class DeadLetters {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Redriver) private readonly redriver: Redriver,
    @Inject(DeadLetterEditor) private readonly editor: DeadLetterEditor,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(RecordReader) private readonly reader: RecordReader,
  ) {}

  /** Oldest first, at most 500 a page (default 50). */
  async list(filter: DeadLetterFilter = {}, { after = '0', limit = 50 }: { after?: string; limit?: number } = {}): Promise<DeadLetterPage> {
    const size = Math.max(1, Math.min(limit, MAX_PAGE));
    const found = await this.ask<DeadLetter>(page(filter, after, size + 1));
    if (found.length <= size) return { letters: found };
    return { letters: found.slice(0, size), next: found[size - 1]!.id };
  }

  /** Throws DEAD_LETTER_NOT_FOUND. */
  async get(id: string): Promise<DeadLetterDetail> {
    const [found] = isId(id) ? await this.ask<DeadLetterDetail>({ text: GET, values: [id] }) : [];
    if (!found) throw new DeadLetterNotFound(id);
    const recordText = await this.reader.asText({ value: found.recordValue, headers: found.headers });
    return { ...found, ...(recordText !== undefined && { recordText }) };
  }

  /** The causes of dead letters, with how many each has. */
  causes(filter: DeadLetterFilter = {}): Promise<CauseCount[]> {
    return this.ask<CauseCount>(causes(filter));
  }

  /**
   * Delivers dead letters, with their original ids, only to the handler that failed. A single one must be the head of its key. A
   * filter selects every key with a matching dead letter: each is redriven in order, from its head to its end or to the next
   * failure. Safe to run twice at once, and to repeat after a crash.
   */
  async redrive(selection: DeadLetterSelection, options: RedriveOptions): Promise<RedriveReport> {
    this.audit.refuseAnonymous(options);
    const found = 'id' in selection ? [await this.queueOf(selection.id)] : await this.ask<Queue>(queues(selection));
    const queuesFound = found.map(({ handler, key, matching }) => ({ handler, key, matching }));
    const report: RedriveProgress = { queues: queuesFound, redriven: 0, failed: [] };
    if (options.dryRun) return report;
    const ids = found.flatMap(({ id }) => id ?? []);
    const audit = await this.unitOfWork.run(() => this.audit.write('redrive', options, ids, { selection, queues: found.length }));
    const nextTurn = pacing(options);
    await inParallel(QUEUES_AT_ONCE, found, (queue) => this.work(queue, audit, report, options, nextTurn));
    const { redriven, failed } = report;
    await this.unitOfWork.run(() =>
      this.audit.write('redrive-ended', options, failed.map(({ id }) => id), { redrive: audit, redriven, failed: failed.length }),
    );
    return report;
  }

  /**
   * Replaces a dead letter with an edited copy in the same place, and returns the copy's id for `redrive`. The copy keeps the
   * event's id and key and must satisfy the contract. Throws DEAD_LETTER_EDIT_INVALID.
   */
  edit(id: string, change: DeadLetterEdit, by: Authorship): Promise<string> {
    return this.editor.edit(id, change, by);
  }

  /** Drops events, so that their keys go on without them. Returns how many. Can be undone for 24 hours. */
  discard(selection: DeadLetterSelection, by: Authorship & { readonly dryRun?: boolean }): Promise<number> {
    return this.editor.discard(selection, by);
  }

  /**
   * Parks a discarded dead letter again, in its old place. Throws DEAD_LETTER_UNDO_TOO_LATE after 24 hours, and when later events
   * of the key were handled since, unless `outOfOrder` allows that.
   */
  undoDiscard(id: string, by: Authorship & { readonly outOfOrder?: boolean }): Promise<void> {
    return this.editor.undoDiscard(id, by);
  }

  private async queueOf(id: string): Promise<Queue> {
    const { handler, key, alone, status } = await this.get(id);
    if (status !== 'parked' && status !== 'delayed') throw new DeadLetterClosed(id, status);
    const head = alone ? id : await this.redriver.headOf(handler, key);
    if (head !== undefined && head !== id) throw new DeadLetterNotHead(id, head);
    return { handler, key, id, matching: 1 };
  }

  private async work(
    { handler, key, id }: Queue,
    audit: string,
    report: RedriveProgress,
    { signal, onProgress }: RedriveOptions,
    nextTurn: () => Promise<void>,
  ): Promise<void> {
    for (let goesOn = true; goesOn && !signal?.aborted; ) {
      await nextTurn();
      if (signal?.aborted) return;
      const result = id ? await this.redriver.redrive(id, audit) : await this.redriver.redriveHead(handler, key, audit);
      if (result.end === 'redriven') report.redriven += 1;
      if (result.end === 'failed') report.failed.push({ id: result.id, handler, key, error: describeFailure(result.error).message });
      goesOn = id === null && result.end === 'redriven';
      onProgress?.(report);
    }
  }

  private ask<Row extends object>({ text, values }: Query): Promise<Row[]> {
    return this.unitOfWork.run(() => this.unitOfWork.query<Row>(text, values));
  }
}

function pacing({ ratePerSecond, signal }: RedriveOptions): () => Promise<void> {
  if (!ratePerSecond || ratePerSecond <= 0) return async () => undefined;
  let next = performance.now();
  return async () => {
    const waitMs = next - performance.now();
    next = Math.max(next, performance.now()) + 1_000 / ratePerSecond;
    if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined);
  };
}
