import { UnitOfWork } from '@nestbox/database';
import { conformToMark, decode, RecordReader, redact } from '@nestbox/messaging';
import type { EventMessage } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Authorship } from '../audit/audit.js';
import { BoundHandlers } from '../handler/handler-discovery.js';
import { Inbox } from '../inbox/inbox.js';
import { DeadLetterClosed, DeadLetterEditInvalid, DeadLetterHandlerGone, DeadLetterNotFound, DeadLetterUndoTooLate, isId } from './dead-letter.js';
import type { DeadLetterFilter, DeadLetterSelection, StoredDeadLetter } from './dead-letter.js';
import { CLOSE, COPY, LATER_REDRIVEN, LOCK, LOCK_MARKER, LOCK_OF_KEY, openIds, REOPEN, UNDOABLE } from './dead-letters.sql.js';
import { int4 } from './insert-dead-letter.sql.js';
import { recordOf, Redriver } from './redriver.js';

/** New data for the event. When the envelope cannot be read: the whole record as text. */
export type DeadLetterEdit = { readonly data: unknown } | { readonly value: string };

export const UNDO_WINDOW_MS = 24 * 3_600_000;

/** All changes to dead letters except redriving. Each is one transaction that includes its audit row. */
@Injectable()
export class DeadLetterEditor {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(Redriver) private readonly redriver: Redriver,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(RecordReader) private readonly reader: RecordReader,
  ) {}

  async edit(id: string, change: DeadLetterEdit, by: Authorship): Promise<string> {
    this.audit.refuseAnonymous(by);
    return this.unitOfWork.run(async () => {
      const deadLetter = await this.lockOpen(id);
      const value = 'value' in change ? change.value : await this.withData(deadLetter, change.data);
      const { eventId, eventType, eventVersion, aggregateVersion } = this.check(deadLetter, value);
      const claimed = deadLetter.claimed || (await this.claim(deadLetter, eventId));
      const audit = await this.audit.write('edit', by, [id]);
      const values = [id, claimed, eventId, eventType, int4(eventVersion), int4(aggregateVersion), Buffer.from(value)];
      const [copy] = await this.unitOfWork.query<{ id: string }>(COPY, values);
      await this.unitOfWork.query(CLOSE, [id, 'edited', audit]);
      return copy!.id;
    });
  }

  async discard(selection: DeadLetterSelection, by: Authorship & { readonly dryRun?: boolean }): Promise<number> {
    this.audit.refuseAnonymous(by);
    const ids = 'id' in selection ? [selection.id] : await this.find(selection);
    if (by.dryRun) return ids.length;
    if ('id' in selection) return this.discardOne(selection.id, by);
    let count = 0;
    for (const id of ids) {
      // Closed by another operator since the query: not counted.
      count += await this.discardOne(id, by).catch((error: unknown) => {
        if (error instanceof DeadLetterClosed) return 0;
        throw error;
      });
    }
    return count;
  }

  async undoDiscard(id: string, by: Authorship & { readonly outOfOrder?: boolean }): Promise<void> {
    this.audit.refuseAnonymous(by);
    await this.unitOfWork.run(async () => {
      const deadLetter = await this.lock(id);
      const [undoable] = await this.unitOfWork.query<{ yes: boolean }>(UNDOABLE, [id, UNDO_WINDOW_MS]);
      if (!undoable?.yes) throw new DeadLetterUndoTooLate(`Dead letter ${id} was not discarded within the last 24 hours.`);
      const inOrder = deadLetter.alone || (await this.isStillInOrder(deadLetter));
      if (!inOrder && !by.outOfOrder) {
        throw new DeadLetterUndoTooLate(`Later events of the key of dead letter ${id} have been handled since: order cannot be kept.`);
      }
      await this.unitOfWork.query(REOPEN, [id, deadLetter.alone || !inOrder]);
      await this.audit.write('undo-discard', by, [id], { inOrder });
    });
  }

  private discardOne(id: string, by: Authorship): Promise<number> {
    return this.unitOfWork.run(async () => {
      const { handler, key, alone } = await this.lockOpen(id);
      await this.unitOfWork.query(CLOSE, [id, 'discarded', await this.audit.write('discard', by, [id])]);
      if (!alone) await this.redriver.release(handler, key);
      return 1;
    });
  }

  /** Locks the key: waits for a running redrive and blocks new ones until commit. */
  private async isStillInOrder({ handler, key, position }: StoredDeadLetter): Promise<boolean> {
    await this.unitOfWork.query(LOCK_OF_KEY, [handler, key]);
    const marker = await this.unitOfWork.query(LOCK_MARKER, [await this.inbox.numberOf(handler), key]);
    if (marker.length === 0) return false;
    return (await this.unitOfWork.query(LATER_REDRIVEN, [handler, key, position])).length === 0;
  }

  /** The envelope with new data, as JSON. Readers accept it in any topic, because the first byte tells the format. */
  private async withData({ recordValue, headers }: StoredDeadLetter, data: unknown): Promise<string> {
    const text = (await this.reader.asText({ value: recordValue, headers })) ?? recordValue?.toString();
    try {
      return JSON.stringify({ ...(JSON.parse(text!) as object), data });
    } catch {
      throw new DeadLetterEditInvalid('The envelope cannot be read, so data alone cannot be replaced: give the whole value.');
    }
  }

  private check(deadLetter: StoredDeadLetter, value: string): EventMessage {
    let message: EventMessage;
    try {
      message = decode({ ...recordOf(deadLetter), value: Buffer.from(value) });
    } catch (cause) {
      throw invalid(cause);
    }
    if (deadLetter.eventId !== null && message.eventId !== deadLetter.eventId) {
      throw new DeadLetterEditInvalid(`The copy must keep the event's id, ${deadLetter.eventId}.`);
    }
    const method =
      this.handlers.get(deadLetter.handler)?.methods.get(message.eventType) ??
      this.handlers.ofGroup(deadLetter.handler).find(({ methods }) => methods.has(message.eventType))?.methods.get(message.eventType);
    if (!method) throw new DeadLetterHandlerGone(deadLetter.handler, message.eventType);
    try {
      return conformToMark(message, method.mark);
    } catch (cause) {
      throw invalid(cause);
    }
  }

  private async claim({ handler }: StoredDeadLetter, eventId: string): Promise<boolean> {
    return this.handlers.get(handler) !== undefined && (await this.inbox.claim(handler, [eventId])).size > 0;
  }

  private async find(filter: DeadLetterFilter): Promise<string[]> {
    const { text, values } = openIds(filter);
    const rows = await this.unitOfWork.run(() => this.unitOfWork.query<{ id: string }>(text, values));
    return rows.map(({ id }) => id);
  }

  private async lock(id: string): Promise<StoredDeadLetter> {
    const [deadLetter] = isId(id) ? await this.unitOfWork.query<StoredDeadLetter & object>(LOCK, [id]) : [];
    if (!deadLetter) throw new DeadLetterNotFound(id);
    return deadLetter;
  }

  private async lockOpen(id: string): Promise<StoredDeadLetter> {
    const deadLetter = await this.lock(id);
    if (deadLetter.status !== 'parked' && deadLetter.status !== 'delayed') throw new DeadLetterClosed(id, deadLetter.status);
    return deadLetter;
  }
}

function invalid(cause: unknown): DeadLetterEditInvalid {
  return new DeadLetterEditInvalid(`The copy cannot be handled: ${redact((cause as Error).message)}`, { cause });
}
