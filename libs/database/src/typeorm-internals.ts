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
