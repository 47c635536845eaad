import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import type { Transaction } from '@nestbox/database';
import type { RaisedEvent } from '@nestbox/kernel';
import { EventingError } from '../eventing.error.js';
import { EVENTING_OPTIONS } from '../eventing.options.js';
import type { EventingOptions } from '../eventing.options.js';
import { OutboxSignal } from './outbox-signal.js';
import { inserts } from './outbox.sql.js';
import { bucketOf } from './ring.js';
import { seal } from './seal.js';
import type { SealedEvent } from './seal.js';

const PENDING = Symbol('nestbox.outbox.pending');

/**
 * The only way out for an event: rows in the transaction of the state change. All events of a unit of work go into one
 * INSERT, sent together with its COMMIT, so that their ids are drawn after every row lock of the transaction.
 */
@Injectable()
export class Outbox {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(EVENTING_OPTIONS) private readonly options: EventingOptions,
    @Inject(OutboxSignal) private readonly signal: OutboxSignal,
  ) {}

  /**
   * Adds events to the running unit of work and returns their ids. Throws NO_UNIT_OF_WORK outside one, and
   * EVENT_INVALID for an event that another context owns.
   */
  add(events: readonly RaisedEvent[]): string[] {
    const transaction = this.unitOfWork.current;
    const pending = transaction.resource(PENDING, () => this.open(transaction));
    return events.map((event) => {
      const { context, type } = event.contract;
      if (context !== this.options.context) {
        throw new EventingError('EVENT_INVALID', `${type} belongs to ${context}; ${this.options.context} may not publish it.`);
      }
      const sealed = seal(event, context);
      pending.push(sealed);
      return sealed.eventId;
    });
  }

  private open(transaction: Transaction): SealedEvent[] {
    const pending: SealedEvent[] = [];
    transaction.onBeforeCommit(() => {
      if (pending.length > 0) transaction.write(insert(pending));
    });
    transaction.onAfterCommit(() => {
      if (pending.length > 0) this.signal.written();
    });
    return pending;
  }
}

function insert(rows: readonly SealedEvent[]) {
  if (rows.length === 1) {
    const { topic, key, headers, value } = rows[0]!;
    return { ...inserts().one, values: [bucketOf(key), topic, key, headers, value] };
  }
  const column = (name: 'topic' | 'key' | 'headers' | 'value') => rows.map((row) => row[name]);
  const buckets = rows.map(({ key }) => bucketOf(key));
  return { ...inserts().many, values: [buckets, column('topic'), column('key'), column('headers'), column('value')] };
}
