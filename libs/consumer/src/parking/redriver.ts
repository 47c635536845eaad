import { setTimeout as pause } from 'node:timers/promises';
import { UnitOfWork } from '@nestbox/database';
import { backOff, currentCorrelation } from '@nestbox/kernel';
import { conformToMark, CrashPoints, describeFailure, MessageSpans, RecordReader, redactPersonal } from '@nestbox/messaging';
import type { BrokerRecord } from '@nestbox/messaging';
import { attribute, isTracing } from '@nestbox/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { withinDeadline } from '../handler/handler-call.js';
import { BoundHandlers } from '../handler/handler-discovery.js';
import type { BoundHandler } from '../handler/handler-registry.js';
import { Inbox } from '../inbox/inbox.js';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';
import { classify } from '../retry/classify.js';
import type { Verdict } from '../retry/classify.js';
import { DeadLetterHandlerGone } from './dead-letter.js';
import type { StoredDeadLetter } from './dead-letter.js';
import { CLOSE, HEAD, KEY_IS_DUE, LOCK, LOCK_MARKER, NEXT_IS_DUE, NOTE_FAILURE, RELEASE_KEY } from './dead-letters.sql.js';

export type Redriven =
  | { readonly end: 'redriven'; readonly id: string }
  | { readonly end: 'failed'; readonly id: string; readonly error: unknown; readonly laterMs?: number }
  | { readonly end: 'none' };

const TRANSIENT_TRIES = 3;

/**
 * Delivers one dead letter to its handler. The effect, the closing of the dead letter, and the release of its key after the last
 * one are one transaction. A second redrive waits for the row lock and then finds the dead letter closed.
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

  /** Redrives the present head of a key. */
  async redriveHead(handler: string, key: string, audit: string): Promise<Redriven> {
    for (;;) {
      const head = await this.headOf(handler, key);
      if (head === undefined) return { end: 'none' };
      const result = await this.redrive(head, audit);
      if (result.end !== 'none') return result;
    }
  }

  /**
   * `none`: the dead letter is closed, or is no longer the head of its key. `laterMs` returns the delay of the next automatic
   * retry after a failure; undefined: only an operator can redrive it.
   */
  async redrive(id: string, audit: string | null, laterMs?: (verdict: Verdict) => number | undefined): Promise<Redriven> {
    for (let tries = 1; ; tries++) {
      try {
        const deadLetter = await this.unitOfWork.runNew(() => this.handOver(id, audit));
        if (!deadLetter) return { end: 'none' };
        this.metrics.redriven.inc({ handler: deadLetter.handler });
        await this.crashPoints.afterRedriven(deadLetter.handler);
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

  /** Releases a key when none of its dead letters is open. The closed ones must be locked by this transaction. */
  async release(handler: string, key: string): Promise<void> {
    const number = await this.inbox.numberOf(handler);
    await this.unitOfWork.query(LOCK_MARKER, [number, key]);
    await this.unitOfWork.query(NEXT_IS_DUE, [number, key]);
    await this.unitOfWork.query(RELEASE_KEY, [number, key, handler]);
  }

  private async handOver(id: string, audit: string | null): Promise<StoredDeadLetter | undefined> {
    const [deadLetter] = await this.unitOfWork.query<StoredDeadLetter & object>(LOCK, [id]);
    if (!deadLetter || (deadLetter.status !== 'parked' && deadLetter.status !== 'delayed')) return undefined;
    // Checked again under the lock: an edit or an undo may have put another dead letter before this one.
    if (!deadLetter.alone && (await this.headOf(deadLetter.handler, deadLetter.key)) !== id) return undefined;
    await this.inTrace(deadLetter, async () => {
      await this.handle(deadLetter);
      await this.unitOfWork.query(CLOSE, [id, 'redriven', audit]);
      if (!deadLetter.alone) await this.release(deadLetter.handler, deadLetter.key);
      await this.crashPoints.beforeRedriven(deadLetter.handler);
    });
    return deadLetter;
  }

  /** In the trace of the event, with a link to the trace of the operator's request. */
  private inTrace(deadLetter: StoredDeadLetter, work: () => Promise<void>): Promise<void> {
    const asked = currentCorrelation();
    const attributes = { [attribute.handler]: deadLetter.handler, [attribute.letter]: deadLetter.id };
    return this.spans.about('redrive', deadLetter, { attributes, links: asked && [asked] }, work);
  }

  private async handle(deadLetter: StoredDeadLetter): Promise<void> {
    const record = recordOf(deadLetter);
    await this.reader.need(record);
    await this.reader.prepare([record]);
    const message = this.reader.decode(record);
    const { eventType, eventId } = message;
    const handler = this.handlers.get(deadLetter.handler);
    const receivers = handler ? [handler] : this.handlers.ofGroup(deadLetter.handler);
    if (receivers.length === 0) throw new DeadLetterHandlerGone(deadLetter.handler, eventType);
    for (const receiver of receivers) {
      const method = receiver.methods.get(eventType);
      if (method?.mark.contract.topic !== deadLetter.topic) {
        if (handler) throw new DeadLetterHandlerGone(deadLetter.handler, eventType);
        continue;
      }
      // Decoded again for each handler, because `conformToMark` changes the data.
      const read = conformToMark(this.reader.decode(record), method.mark);
      const isNew = deadLetter.claimed || (await this.claim(receiver, eventId, handler ? [] : [message.key]));
      const call = () =>
        withinDeadline([method.mark.deadlineMs], () => method.invoke([read], true)).catch((error: unknown) => {
          redactPersonal(error, method.mark.contract, read.data);
          throw error;
        });
      if (isNew) await (isTracing() ? this.spans.processing({ handler: receiver, tasks: [{ record, message: read }], nested: true }, call) : call());
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

export function recordOf(deadLetter: StoredDeadLetter): BrokerRecord {
  const { topic, partition, offset, recordKey, recordValue, headers } = deadLetter;
  return { topic, partition, offset, key: recordKey, value: recordValue, headers, timestamp: deadLetter.parkedAt.getTime() };
}
