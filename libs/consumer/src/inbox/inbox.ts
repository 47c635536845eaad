import { UnitOfWork } from '@nestbox/database';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClaimListener } from './claim-listener.js';

// In id order, so that two deliverers of overlapping batches wait for each other instead of deadlocking.
const CLAIM = {
  name: 'nestbox-inbox-claim',
  text: `INSERT INTO nestbox.inbox (handler, event_id)
    SELECT $1::smallint, e FROM unnest($2::uuid[]) e ORDER BY e
    ON CONFLICT DO NOTHING RETURNING event_id`,
};

// Without ON CONFLICT: an event that was claimed before fails the transaction, so nobody has to wait for the answer.
const CLAIM_FRESH = {
  name: 'nestbox-inbox-claim-fresh',
  text: `INSERT INTO nestbox.inbox (handler, event_id) SELECT $1::smallint, e FROM unnest($2::uuid[]) e ORDER BY e`,
};

const REFUSE_PARKED = {
  name: 'nestbox-refuse-parked-keys',
  text: `SELECT nestbox.refuse_parked_keys($1::smallint, $2::text[])`,
};

/**
 * Remembers which handler has had which event, in the transaction of the handler's effect. Claims of a key that is
 * parked fail with SQLSTATE NB001. That is asked after the claim, which may have waited for the very transaction that
 * parked the key, and in the same packet, so that it costs no wait.
 */
@Injectable()
export class Inbox {
  private readonly numbers = new Map<string, number>();
  private readonly listeners: ClaimListener[] = [];

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  /** The listener is told of every claim of this process, after its commit. */
  onClaimed(listener: ClaimListener): void {
    this.listeners.push(listener);
  }

  /**
   * Claims events for a handler in the running unit of work and returns the ids that are new. A second deliverer waits
   * here for the first one's transaction to end, and gets the claim when that rolled back. Of `keys` none may be parked.
   */
  async claim(
    handlerId: string,
    eventIds: readonly string[],
    keys: readonly string[] = [],
  ): Promise<ReadonlySet<string>> {
    const number = await this.numberOf(handlerId);
    const { current } = this.unitOfWork;
    current.onAfterCommit(() => this.tell(handlerId, eventIds));
    const claimed = current.query<{ event_id: string }>({ ...CLAIM, values: [number, uuidArray(eventIds)] });
    const open = keys.length > 0 && current.query({ ...REFUSE_PARKED, values: [number, textArray(keys)] });
    const [{ rows }] = await Promise.all([claimed, open]);
    return new Set(rows.map(({ event_id }) => event_id));
  }

  /**
   * Claims events that are most likely all new, without waiting for an answer: the running unit of work fails at commit,
   * with a unique violation (23505), when one of them was claimed before.
   */
  async claimFresh(handlerId: string, eventIds: readonly string[], keys: readonly string[] = []): Promise<void> {
    const number = await this.numberOf(handlerId);
    this.unitOfWork.current.onAfterCommit(() => this.tell(handlerId, eventIds));
    this.unitOfWork.write({ ...CLAIM_FRESH, values: [number, uuidArray(eventIds)] });
    if (keys.length > 0) this.unitOfWork.write({ ...REFUSE_PARKED, values: [number, textArray(keys)] });
  }

  /** Another number may stand for the handler by now. */
  forget(handlerId: string): void {
    this.numbers.delete(handlerId);
  }

  /** The number that stands for a handler in the tables; given out on first use. */
  async numberOf(handlerId: string): Promise<number> {
    return this.numbers.get(handlerId) ?? (await this.register(handlerId));
  }

  private tell(handlerId: string, eventIds: readonly string[]): void {
    for (const listener of this.listeners) listener(handlerId, eventIds);
  }

  /** Outside any transaction: a number that a rollback took away again must not stay in the map. */
  private async register(handlerId: string): Promise<number> {
    await this.dataSource.query(`INSERT INTO nestbox.handlers (name) VALUES ($1) ON CONFLICT DO NOTHING`, [handlerId]);
    const [row] = await this.dataSource.query(`SELECT id FROM nestbox.handlers WHERE name = $1`, [handlerId]);
    this.numbers.set(handlerId, row.id);
    return row.id;
  }
}

/** UUIDs need none of the quoting that pg does for each element. */
function uuidArray(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}

/** As pg writes it, but at once: most texts have nothing that must be escaped. */
function textArray(texts: readonly string[]): string | readonly string[] {
  return /["\\]/.test(texts.join('')) ? texts : `{"${texts.join('","')}"}`;
}
