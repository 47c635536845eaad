import { randomBytes } from 'node:crypto';
import { connectionTo } from '@nestbox/database';
import pg from 'pg';
import { SubjectKeys } from './subject-keys.js';
import type { SubjectKey } from './subject-keys.js';

const MAKE = `INSERT INTO erasure.subject_keys (subject, secret) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING`;
const GET = `SELECT id, secret FROM erasure.subject_keys WHERE subject = $1`;

/** Keys in one database for all contexts. It needs backups of its own: restoring it brings deleted keys back. */
export class PostgresSubjectKeys extends SubjectKeys {
  private readonly pool: pg.Pool;

  constructor(url: string) {
    super();
    this.pool = new pg.Pool({ ...connectionTo(url, { query_timeout: 10_000 }), max: 2 });
    // The pool replaces an idle connection that breaks. Without this listener the error would end the process.
    this.pool.on('error', () => undefined);
  }

  override async keyOf(subject: string): Promise<SubjectKey> {
    for (;;) {
      const [found] = (await this.pool.query<SubjectKey>(GET, [subject])).rows;
      if (found) return found;
      await this.pool.query(MAKE, [subject, randomBytes(32)]);
    }
  }

  override async find(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const { rows } = await this.pool.query<SubjectKey>('SELECT id, secret FROM erasure.subject_keys WHERE id = ANY ($1::uuid[])', [ids]);
    return new Map(rows.map(({ id, secret }) => [id, secret]));
  }

  override async forget(subject: string): Promise<boolean> {
    const { rowCount } = await this.pool.query('DELETE FROM erasure.subject_keys WHERE subject = $1', [subject]);
    return (rowCount ?? 0) > 0;
  }

  override async close(): Promise<void> {
    await this.pool.end();
  }
}
