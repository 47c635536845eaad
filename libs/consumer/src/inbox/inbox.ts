import { UnitOfWork } from '@nestbox/database';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/**
 * PORT: receives the events that a handler of this process has claimed, after the commit. Must not throw. The claim does not wait
 * for it.
 */
export type ClaimListener = (handlerId: string, eventIds: readonly string[]) => void;

// In id order: two consumers with overlapping batches then wait for each other instead of deadlocking.
const CLAIM = {
  name: 'nestbox-inbox-claim',
  text: `INSERT INTO nestbox.inbox (handler, event_id)
    SELECT $1::smallint, e FROM unnest($2::uuid[]) e ORDER BY e
    ON CONFLICT DO NOTHING RETURNING event_id`,
};

// Without ON CONFLICT: an event that was claimed before fails the transaction, so there is no answer to wait for.
const CLAIM_FRESH = {
  name: 'nestbox-inbox-claim-fresh',
  text: `INSERT INTO nestbox.inbox (handler, event_id) SELECT $1::smallint, e FROM unnest($2::uuid[]) e ORDER BY e`,
};

const REFUSE_PARKED = {
  name: 'nestbox-refuse-parked-keys',
  text: `SELECT nestbox.refuse_parked_keys($1::smallint, $2::text[])`,
};

/**
 * Records which handler has handled which event, in the transaction of the handler's effect. The claim of a parked key fails with
 * SQLSTATE NB001. This check runs after the claim, because the claim may have waited for the transaction that parks the key. It
 * is sent with the claim, so it costs no round trip.
 */
@Injectable()
export class Inbox {
  private readonly numbers = new Map<string, number>();
  private readonly listeners: ClaimListener[] = [];

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  onClaimed(listener: ClaimListener): void {
    this.listeners.push(listener);
  }

  /**
   * Claims events for a handler in the running unit of work and returns the new ids. A second consumer waits here for the first
   * one's transaction, and gets the claim if that rolls back. Rejects when one of `keys` is parked.
   */
  async claim(
    handlerId: string,
    eventIds: readonly string[],
    keys: readonly string[] = [],
  ): Promise<ReadonlySet<string>> {
    const number = await this.numberOf(handlerId);
    const { current } = this.unitOfWork;
    current.onAfterCommit(() => this.notify(handlerId, eventIds));
    const claimed = current.query<{ event_id: string }>({ ...CLAIM, values: [number, uuidArray(eventIds)] });
    const open = keys.length > 0 && current.query({ ...REFUSE_PARKED, values: [number, textArray(keys)] });
    const [{ rows }] = await Promise.all([claimed, open]);
    return new Set(rows.map(({ event_id }) => event_id));
  }

  /**
   * Claims events that are probably all new, without waiting for an answer. If one was claimed before, the unit of work fails at
   * commit with a unique violation (23505).
   */
  async claimFresh(handlerId: string, eventIds: readonly string[], keys: readonly string[] = []): Promise<void> {
    const number = await this.numberOf(handlerId);
    this.unitOfWork.current.onAfterCommit(() => this.notify(handlerId, eventIds));
    this.unitOfWork.write({ ...CLAIM_FRESH, values: [number, uuidArray(eventIds)] });
    if (keys.length > 0) this.unitOfWork.write({ ...REFUSE_PARKED, values: [number, textArray(keys)] });
  }

  /** Call it when the number of a handler may have changed. */
  forget(handlerId: string): void {
    this.numbers.delete(handlerId);
  }

  /** The handler's number in the tables; assigned on first use. */
  async numberOf(handlerId: string): Promise<number> {
    return this.numbers.get(handlerId) ?? (await this.register(handlerId));
  }

  private notify(handlerId: string, eventIds: readonly string[]): void {
    for (const listener of this.listeners) listener(handlerId, eventIds);
  }

  /** Outside any transaction: otherwise a rollback could remove a number that is already cached. */
  private async register(handlerId: string): Promise<number> {
    await this.dataSource.query(`INSERT INTO nestbox.handlers (name) VALUES ($1) ON CONFLICT DO NOTHING`, [handlerId]);
    const [row] = await this.dataSource.query(`SELECT id FROM nestbox.handlers WHERE name = $1`, [handlerId]);
    this.numbers.set(handlerId, row.id);
    return row.id;
  }
}

/** Faster than pg's array encoding: UUIDs need no quotes. */
function uuidArray(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}

/** Faster than pg's array encoding: most texts need no escapes. */
function textArray(texts: readonly string[]): string | readonly string[] {
  return /["\\]/.test(texts.join('')) ? texts : `{"${texts.join('","')}"}`;
}
