import type { Client, PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';

/**
 * What TypeORM 1.1 keeps to itself: what stops its own BEGIN and makes `manager.transaction` a savepoint, and a release
 * that takes a connection out of the pool.
 */
interface OpenRunner {
  isTransactionActive: boolean;
  transactionDepth: number;
  releasePostgresConnection(broken?: Error): Promise<void>;
}

/**
 * Keeps TypeORM from opening a transaction of its own inside ours, and from taking the COMMIT away from us (it discards
 * the tag): true when whoever calls sends BEGIN. Otherwise TypeORM has sent its own, which costs a round trip.
 */
export async function claim(runner: QueryRunner): Promise<boolean> {
  const open = known(runner);
  if (open) Object.assign(open, { isTransactionActive: true, transactionDepth: 1 });
  else await runner.startTransaction();
  return open !== undefined;
}

/** Gives the connection back to the pool, or, when it is broken, out of it. */
export async function giveBack(runner: QueryRunner, client: PoolClient, broken?: Error): Promise<void> {
  const open = known(runner);
  if (open) {
    open.isTransactionActive = false;
    return open.releasePostgresConnection(broken);
  }
  // The pool keeps no client that has been told to end. Not awaited: what is broken may never say goodbye.
  if (broken) void (client as unknown as Client).end().catch(() => undefined);
  return runner.release();
}

function known(runner: QueryRunner): OpenRunner | undefined {
  const open = runner as unknown as Partial<OpenRunner>;
  const countsDepth = typeof open.isTransactionActive === 'boolean' && typeof open.transactionDepth === 'number';
  return countsDepth && typeof open.releasePostgresConnection === 'function' ? (open as OpenRunner) : undefined;
}
