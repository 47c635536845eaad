import { setTimeout as pause } from 'node:timers/promises';
import { UnitOfWork } from '@nestbox/database';
import { describeFailure, RecordReader } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Authorship } from '../audit/audit.js';
import { DeadLetterClosed, DeadLetterNotFound, DeadLetterNotHead } from './dead-letter.errors.js';
import type { DeadLetter, DeadLetterDetail, DeadLetterFilter, DeadLetterSelection } from './dead-letter.js';
import { causes, GET, page, queues } from './dead-letters.sql.js';
import type { Query } from './dead-letters.sql.js';
import { DeadLetterEditor } from './dead-letter-editor.js';
import type { DeadLetterEdit } from './dead-letter-editor.js';
import { Redriver } from './redriver.js';

export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  /** Give it as `after` to get the next page; undefined on the last one. */
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
  /** Says what would be redriven, and does nothing. */
  readonly dryRun?: boolean;
  /** At most so many letters per second. Default: as fast as the handlers are. */
  readonly ratePerSecond?: number;
  /** Stops between two letters. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: RedriveReport) => void;
}

export interface RedriveReport {
  /** Keys, and letters that stand alone, that were (or in a dry run would be) worked on. */
  readonly queues: readonly { readonly handler: string; readonly key: string; readonly matching: number }[];
  readonly redriven: number;
  /** Where a queue stopped: its head failed again and stays parked. */
  readonly failed: readonly { readonly id: string; readonly handler: string; readonly key: string; readonly error: string }[];
}

interface Queue {
  readonly handler: string;
  readonly key: string;
  /** Set when one letter is meant, not what waits behind it. */
  readonly id: string | null;
  readonly matching: number;
}

const QUEUES_AT_ONCE = 4;
const MAX_PAGE = 500;

/** What operators can do with events that a handler could not handle. */
@Injectable()
export class DeadLetters {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Redriver) private readonly redriver: Redriver,
    @Inject(DeadLetterEditor) private readonly desk: DeadLetterEditor,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(RecordReader) private readonly reader: RecordReader,
  ) {}

  /** Oldest first, at most 500 a page (default 50). */
  async list(filter: DeadLetterFilter = {}, { after = '0', limit = 50 }: { after?: string; limit?: number } = {}): Promise<DeadLetterPage> {
    const size = Math.max(1, Math.min(limit, MAX_PAGE));
    const letters = await this.ask<DeadLetter>(page(filter, after, size + 1));
    if (letters.length <= size) return { letters };
    return { letters: letters.slice(0, size), next: letters[size - 1]!.id };
  }

  /** Throws DEAD_LETTER_NOT_FOUND. */
  async get(id: string): Promise<DeadLetterDetail> {
    const [letter] = isId(id) ? await this.ask<DeadLetterDetail>({ text: GET, values: [id] }) : [];
    if (!letter) throw new DeadLetterNotFound(id);
    const recordText = await this.reader.asText({ value: letter.recordValue, headers: letter.headers });
    return { ...letter, ...(recordText === undefined ? {} : { recordText }) };
  }

  /** Which faults there are, and how much waits for each to be mended. */
  causes(filter: DeadLetterFilter = {}): Promise<CauseCount[]> {
    return this.ask<CauseCount>(causes(filter));
  }

  /**
   * Hands letters to the handler that failed, and to no other, with their original ids. One letter must be the head of
   * its key. A filter stands for every key that holds a matching letter: each is redriven from its head, in order, up
   * to its end or to the next failure. Safe to call twice at once, and to be killed and called again.
   */
  async redrive(selection: DeadLetterSelection, options: RedriveOptions): Promise<RedriveReport> {
    this.audit.refuseAnonymous(options);
    const found = 'id' in selection ? [await this.queueOf(selection.id)] : await this.ask<Queue>(queues(selection));
    const report = {
      queues: found.map(({ handler, key, matching }) => ({ handler, key, matching })),
      redriven: 0,
      failed: [] as { id: string; handler: string; key: string; error: string }[],
    };
    if (options.dryRun) return report;
    const ids = found.flatMap(({ id }) => id ?? []);
    const audit = await this.unitOfWork.run(() => this.audit.write('redrive', options, ids, { selection, queues: found.length }));
    const turn = pacing(options);
    const waiting = found.values();
    const worker = async () => {
      for (const queue of waiting) await this.work(queue, audit, report, options, turn);
    };
    await Promise.all(Array.from({ length: QUEUES_AT_ONCE }, worker));
    const { redriven, failed } = report;
    await this.unitOfWork.run(() =>
      this.audit.write('redrive-ended', options, failed.map(({ id }) => id), { redrive: audit, redriven, failed: failed.length }),
    );
    return report;
  }

  /**
   * Puts a copy with other content into the original's place in the order and returns its id; `redrive` it then. The
   * copy keeps the event's id and key and must satisfy the contract. Throws DEAD_LETTER_EDIT_INVALID.
   */
  edit(id: string, change: DeadLetterEdit, by: Authorship): Promise<string> {
    return this.desk.edit(id, change, by);
  }

  /** Gives events up; returns how many. The keys go on without them. Can be undone for 24 hours. */
  discard(selection: DeadLetterSelection, by: Authorship & { readonly dryRun?: boolean }): Promise<number> {
    return this.desk.discard(selection, by);
  }

  /**
   * Parks a discarded letter again, in its old place. Throws DEAD_LETTER_UNDO_TOO_LATE after 24 hours, and when later
   * events of the key have been handled since, unless `outOfOrder` says that its handler can live with that.
   */
  undoDiscard(id: string, by: Authorship & { readonly outOfOrder?: boolean }): Promise<void> {
    return this.desk.undoDiscard(id, by);
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
    report: { redriven: number; failed: { id: string; handler: string; key: string; error: string }[] } & RedriveReport,
    { signal, onProgress }: RedriveOptions,
    turn: () => Promise<void>,
  ): Promise<void> {
    for (let goesOn = true; goesOn && !signal?.aborted; ) {
      await turn();
      if (signal?.aborted) return;
      const result = id ? await this.redriver.redrive(id, audit) : await this.redriver.redriveHead(handler, key, audit);
      if (result.end === 'redriven') report.redriven += 1;
      if (result.end === 'failed') {
        report.failed.push({ id: result.id, handler, key, error: describeFailure(result.error).message });
      }
      goesOn = id === null && result.end === 'redriven';
      onProgress?.(report);
    }
  }

  private ask<Row extends object>({ text, values }: Query): Promise<Row[]> {
    return this.unitOfWork.run(() => this.unitOfWork.query<Row>(text, values));
  }
}

/** Ids are bigints in decimal: anything else names no letter. */
export function isId(id: string): boolean {
  return /^[1-9]\d{0,17}$/.test(id);
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
