import type { Writable } from 'node:stream';
import pg from 'pg';
import type { Client, PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';

/**
 * Private parts of TypeORM 1.1: the flags that suppress its BEGIN and make `manager.transaction` a savepoint, and the release
 * that removes a connection from the pool.
 */
interface OpenRunner {
  isTransactionActive: boolean;
  transactionDepth: number;
  releasePostgresConnection(broken?: Error): Promise<void>;
}

/**
 * Keeps TypeORM from opening its own transaction inside ours, and from sending COMMIT itself (it discards the command tag).
 * Returns true when the caller must send BEGIN. Otherwise TypeORM has sent it, which costs a round trip.
 */
export async function claim(runner: QueryRunner): Promise<boolean> {
  const open = known(runner);
  if (open) Object.assign(open, { isTransactionActive: true, transactionDepth: 1 });
  else await runner.startTransaction();
  return open !== undefined;
}

/** Returns the connection to the pool, or removes it when it is broken. */
export async function giveBack(runner: QueryRunner, client: PoolClient, broken?: Error): Promise<void> {
  const open = known(runner);
  if (open) {
    open.isTransactionActive = false;
    return open.releasePostgresConnection(broken);
  }
  // The pool removes an ended client. Not awaited: a broken connection may never close.
  if (broken) void (client as unknown as Client).end().catch(() => undefined);
  return runner.release();
}

function known(runner: QueryRunner): OpenRunner | undefined {
  const open = runner as unknown as Partial<OpenRunner>;
  const countsDepth = typeof open.isTransactionActive === 'boolean' && typeof open.transactionDepth === 'number';
  return countsDepth && typeof open.releasePostgresConnection === 'function' ? (open as OpenRunner) : undefined;
}

/** The part of pg's connection that the extended protocol needs. Made for pg 8.23, which does not publish it. */
export interface ProtocolConnection {
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  readonly stream: Writable;
}

/** Converts a JavaScript value to PostgreSQL's text form. pg exports it, but its types lack it. */
const { prepareValue } = (pg as unknown as { utils?: { prepareValue?: (value: unknown) => unknown } }).utils ?? {};
export const valueMapper = prepareValue!;

/** The protocol connection of a client; undefined when this version of pg keeps it differently. */
export function protocolOf(client: PoolClient): ProtocolConnection | undefined {
  const { connection } = client as unknown as { connection?: Partial<ProtocolConnection> };
  const { parsedStatements, submittedNamedStatements, stream } = connection ?? {};
  const known = isObject(parsedStatements) && isObject(submittedNamedStatements) && typeof stream?.cork === 'function';
  return known ? (connection as ProtocolConnection) : undefined;
}

/** True when this pg lets a query write its own protocol messages (see RepeatedStatement). Otherwise each query is sent alone. */
export function canRepeat(client: PoolClient): boolean {
  const query = pg.Query.prototype as unknown as Record<string, unknown>;
  const hooks = ['prepare', 'handleCommandComplete', 'handleDataRow'].every((name) => typeof query[name] === 'function');
  return hooks && typeof prepareValue === 'function' && protocolOf(client) !== undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
