import type { ClientConfig } from 'pg';
import { DatabaseError } from './database.error.js';

/** What a database, role or server may set otherwise, and what code that reads and writes values relies on. */
const SETTINGS = [
  'DateStyle=ISO,MDY',
  'IntervalStyle=postgres',
  'TimeZone=UTC',
  'bytea_output=hex',
  'extra_float_digits=1',
  'standard_conforming_strings=on',
  'search_path="$user",public',
];
/** Shows that PostgreSQL got the options: some poolers drop them. */
const MARK = 'nestbox.session';
const ASK = `SELECT pg_backend_pid() AS pid, current_setting('${MARK}', true) AS mark`;
const CURE = 'give the URL of PostgreSQL itself, or of a pooler in session mode that passes startup options on (docs/scaling.md)';

/** Startup options: they come with the connection and cost no round trip. Those in the URL win. */
export function sessionOptions(url: string, more = ''): string {
  const ours = [...SETTINGS, `${MARK}=direct`].map((setting) => `-c ${setting}`).join(' ');
  const theirs = url.includes('options=') ? (new URL(url).searchParams.get('options') ?? '') : '';
  return `${ours} ${more} ${theirs}`.trim();
}

/** The configuration of every connection that TypeORM does not make. `options` are added to those of the session. */
export function connectionTo(url: string, { options, ...rest }: ClientConfig = {}): ClientConfig {
  return {
    connectionString: withoutOptions(url),
    options: sessionOptions(url, options),
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    ...rest,
  };
}

/** pg prefers options of the URL to those of the configuration. */
function withoutOptions(url: string): string {
  if (!url.includes('options=')) return url;
  const bare = new URL(url);
  bare.searchParams.delete('options');
  return bare.href;
}

/** One connection, as far as it is needed here. */
export interface Session {
  query(sql: string): Promise<unknown>;
}

/**
 * Throws POOLER_IN_BETWEEN when something between us and PostgreSQL drops startup options, or gives both connections the
 * same backend: prepared statements, LISTEN and advisory locks would fail now and then, silently.
 */
export async function requireOwnSessions(first: Session, second?: Session): Promise<void> {
  const one = await answerOf(first);
  if (one.mark !== 'direct') throw pooler(`A pooler drops the startup options of connections: ${CURE}.`);
  if (!second) return;
  // A pooler hands the backend that has just become idle to the next transaction, whosever it is.
  await second.query('BEGIN');
  const other = await answerOf(second);
  await second.query('ROLLBACK');
  if (other.pid === one.pid) throw pooler(`A pooler shares sessions between connections (transaction mode): ${CURE}.`);
}

function pooler(message: string): DatabaseError {
  return new DatabaseError('POOLER_IN_BETWEEN', message);
}

async function answerOf(session: Session): Promise<{ pid: number; mark: string | null }> {
  const answer = (await session.query(ASK)) as { rows?: never[] } | never[];
  // TypeORM returns rows, pg a result.
  const [row] = Array.isArray(answer) ? answer : (answer.rows ?? []);
  return row!;
}
