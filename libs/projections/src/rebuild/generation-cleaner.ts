import { Audit } from '@nestbox/consumer';
import type { Authorship } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { inboxNameOf } from './generations.js';
import type { Generation } from './generations.js';

/** Claims are deleted in portions, so that nobody waits for one long transaction. */
const CHUNK = 10_000;
const FORGET_CLAIMS = `
  DELETE FROM nestbox.inbox WHERE (handler, event_id) IN (
    SELECT i.handler, i.event_id FROM nestbox.inbox i JOIN nestbox.handlers h ON h.id = i.handler
    WHERE h.name = $1 AND h.retired_at IS NOT NULL LIMIT ${CHUNK})`;
const FORGET_STATES = `
  WITH gone AS (SELECT id FROM nestbox.handlers WHERE name = $1 AND retired_at IS NOT NULL),
    begun AS (DELETE FROM nestbox.bootstraps b USING gone WHERE b.handler = gone.id)
  DELETE FROM nestbox.held_versions h USING gone WHERE h.handler = gone.id`;
const RELEASE_KEYS = `DELETE FROM nestbox.parked_keys k USING nestbox.handlers h WHERE h.id = k.handler AND h.name = $1`;
const DISCARD_DEAD_LETTERS = `
  UPDATE nestbox.dead_letters SET status = 'discarded', closed_at = now()
  WHERE handler = $1 AND status IN ('parked', 'delayed')`;

/** Drops a generation's tables and deletes its claims, states, parked keys and dead letters. */
@Injectable()
export class GenerationCleaner {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Audit) private readonly audit: Audit,
  ) {}

  /** `by`: the operator who asked for it; undefined when it ended by itself. */
  async drop(generation: Generation, outcome: 'done' | 'cancelled' | 'dropped', by?: Authorship): Promise<void> {
    const name = inboxNameOf(generation);
    const { id, projection } = generation;
    await this.unitOfWork.runNew(async () => {
      const action = outcome === 'dropped' ? 'drop-generation' : 'cancel-generation';
      if (by) await this.audit.write(action, by, [], { projection, generation: id });
      await this.unitOfWork.query('SELECT nestbox.drop_stage($1, $2)', [generation.id, outcome]);
      await this.unitOfWork.query(DISCARD_DEAD_LETTERS, [name]);
      await this.unitOfWork.query(RELEASE_KEYS, [name]);
      await this.unitOfWork.query(FORGET_STATES, [name]);
    });
    for (let deleted = CHUNK; deleted === CHUNK; ) [, deleted] = await this.dataSource.query(FORGET_CLAIMS, [name]);
  }
}
