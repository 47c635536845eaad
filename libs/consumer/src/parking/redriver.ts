import { setTimeout as pause } from 'node:timers/promises';
import { UnitOfWork } from '@nestbox/database';
import { backOff, currentCorrelation } from '@nestbox/kernel';
import { conceal, conformToMark, describeFailure, CrashPoints, MessageSpans, RecordReader } from '@nestbox/messaging';
import type { BrokerRecord } from '@nestbox/messaging';
import { attribute, isTracing } from '@nestbox/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';
import { BoundHandlers } from '../handler/bound-handlers.js';
import { withinDeadline } from '../handler/deadline.js';
import type { BoundHandler } from '../handler/handler-registry.js';
import { Inbox } from '../inbox/inbox.js';
import { classify } from '../retry/classify.js';
import type { Verdict } from '../retry/classify.js';
import { DeadLetterHandlerGone } from './dead-letter.errors.js';
import type { StoredDeadLetter } from './dead-letter.js';
import { CLOSE, HEAD, KEY_IS_DUE, LOCK, LOCK_MARKER, NEXT_IS_DUE, NOTE_FAILURE, RELEASE_KEY } from './dead-letters.sql.js';

export type Redriven =
  | { readonly end: 'redriven'; readonly id: string }
  | { readonly end: 'failed'; readonly id: string; readonly error: unknown; readonly laterMs?: number }
  | { readonly end: 'none' };

const TRANSIENT_TRIES = 3;

/**
 * Gives one letter to its handler: effect, letter and, after the last one, the key's release are one transaction. The
 * letter's row lock makes a second redrive wait and then find it done.
 */
@Injectable()
export class Redriver {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(CrashPoints) private readonly crashPoints: CrashPoints,
    @Inject(RecordReader) private readonly reader: RecordReader,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
    @Inject(MessageSpans) private readonly spans: MessageSpans,
  ) {}

  /** The first parked letter of a key, whichever that is by then. */
  async redriveHead(handler: string, key: string, audit: string): Promise<Redriven> {
    for (;;) {
      const head = await this.headOf(handler, key);
      if (head === undefined) return { end: 'none' };
      const result = await this.redrive(head, audit);
      if (result.end !== 'none') return result;
    }
  }

  /**
   * `none` when the letter is closed by now, or others of its key have come before it. `laterMs` says when it is to be
   * handed over again by itself after a failure; undefined: not before an operator says so.
   */
  async redrive(id: string, audit: string | null, laterMs?: (verdict: Verdict) => number | undefined): Promise<Redriven> {
    for (let tries = 1; ; tries++) {
      try {
        const letter = await this.unitOfWork.runNew(() => this.handOver(id, audit));
        if (!letter) return { end: 'none' };
        this.metrics.redriven.inc({ handler: letter.handler });
        await this.crashPoints.afterRedriven(letter.handler);
        return { end: 'redriven', id };
      } catch (error) {
        const verdict = classify(error);
        if (verdict !== 'transient' || tries === TRANSIENT_TRIES) {
          const dueInMs = laterMs?.(verdict);
          await this.note(id, error, verdict, dueInMs);
          return { end: 'failed', id, error, laterMs: dueInMs };
        }
        await pause(backOff(tries));
      }
    }
  }

  async headOf(handler: string, key: string): Promise<string | undefined> {
    const rows = await this.unitOfWork.run(() => this.unitOfWork.query<{ id: string }>(HEAD, [handler, key]));
    return rows[0]?.id;
  }

  /** Lets a key flow again when nothing of it is parked any more; the letters that were closed must be locked or new. */
  async release(handler: string, key: string): Promise<void> {
    const number = await this.inbox.numberOf(handler);
    await this.unitOfWork.query(LOCK_MARKER, [number, key]);
    await this.unitOfWork.query(NEXT_IS_DUE, [number, key]);
    await this.unitOfWork.query(RELEASE_KEY, [number, key, handler]);
  }

  private async handOver(id: string, audit: string | null): Promise<StoredDeadLetter | undefined> {
    const [letter] = await this.unitOfWork.query<StoredDeadLetter & object>(LOCK, [id]);
    if (!letter || (letter.status !== 'parked' && letter.status !== 'delayed')) return undefined;
    // Asked again under the lock: an edit or an undo may have put another letter before this one.
    if (!letter.alone && (await this.headOf(letter.handler, letter.key)) !== id) return undefined;
    await this.inTrace(letter, async () => {
      await this.handle(letter);
      await this.unitOfWork.query(CLOSE, [id, 'redriven', audit]);
      if (!letter.alone) await this.release(letter.handler, letter.key);
      await this.crashPoints.beforeRedriven(letter.handler);
    });
    return letter;
  }

  /** In the trace of the event, linked to that of whoever asked for it. */
  private inTrace(letter: StoredDeadLetter, work: () => Promise<void>): Promise<void> {
    const asked = currentCorrelation();
    const attributes = { [attribute.handler]: letter.handler, [attribute.letter]: letter.id };
    return this.spans.about('redrive', letter, { attributes, links: asked && [asked] }, work);
  }

  private async handle(letter: StoredDeadLetter): Promise<void> {
    const record = recordOf(letter);
    await this.reader.need(record);
    await this.reader.prepare([record]);
    const message = this.reader.decode(record);
    const { eventType, eventId } = message;
    const handler = this.handlers.get(letter.handler);
    const takers = handler ? [handler] : this.handlers.ofGroup(letter.handler);
    if (takers.length === 0) throw new DeadLetterHandlerGone(letter.handler, eventType);
    for (const taker of takers) {
      const method = taker.methods.get(eventType);
      if (method?.mark.contract.topic !== letter.topic) {
        if (handler) throw new DeadLetterHandlerGone(letter.handler, eventType);
        continue;
      }
      // Read anew for each: what one makes of the data is not what came.
      const read = conformToMark(this.reader.decode(record), method.mark);
      const isNew = letter.claimed || (await this.claim(taker, eventId, handler ? [] : [message.key]));
      const call = () =>
        withinDeadline([method.mark.deadlineMs], () => method.invoke([read], true)).catch((error: unknown) => {
          conceal(error, method.mark.contract, read.data);
          throw error;
        });
      if (isNew) await (isTracing() ? this.spans.processing({ handler: taker, tasks: [{ record, message: read }], nested: true }, call) : call());
    }
  }

  private async claim(handler: BoundHandler, eventId: string, keys: string[]): Promise<boolean> {
    return (await this.inbox.claim(handler.id, [eventId], handler.ordered ? keys : [])).size > 0;
  }

  private async note(id: string, error: unknown, verdict: Verdict, laterMs: number | undefined): Promise<void> {
    const { errorClass, code, message, cause } = describeFailure(error);
    const attempt = [{ at: new Date().toISOString(), errorClass, code, message, traceId: null }];
    const values = [id, JSON.stringify(attempt), cause, errorClass, code, message, laterMs ?? null, verdict === 'unknown' ? 1 : 0];
    await this.unitOfWork.run(async () => {
      const [open] = await this.unitOfWork.query<{ handler: string; key: string; alone: boolean }>(NOTE_FAILURE, values);
      if (!open || open.alone) return;
      await this.unitOfWork.query(KEY_IS_DUE, [await this.inbox.numberOf(open.handler), open.key, laterMs ?? null]);
    });
  }
}

export function recordOf(letter: StoredDeadLetter): BrokerRecord {
  const { topic, partition, offset, recordKey, recordValue, headers } = letter;
  return { topic, partition, offset, key: recordKey, value: recordValue, headers, timestamp: letter.parkedAt.getTime() };
}
