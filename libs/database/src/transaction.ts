import type { Socket } from 'node:net';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { DatabaseError } from './database.error.js';

/** A statement in pg's own form. Give it a `name` when it is issued often: it is then prepared once per connection. */
export type Statement = QueryConfig & { rowMode?: 'array' };

/** What TypeORM keeps to itself: the flag that stops its own BEGIN, and a release that can take a connection out of the pool. */
interface OpenRunner {
  isTransactionActive: boolean;
  releasePostgresConnection(broken?: Error): Promise<void>;
}

/**
 * One transaction on one connection. Statements run in the order of the calls, whether awaited or not: with pg's
 * pipeline mode they are on the wire at once, so `write` costs no round trip.
 */
export class Transaction {
  private readonly writes: Promise<unknown>[] = [];
  private readonly beforeCommit: (() => void | Promise<void>)[] = [];
  private readonly afterCommit: (() => void)[] = [];
  private readonly resources = new Map<symbol, unknown>();
  private gathering = false;

  private constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
  ) {}

  static async begin(dataSource: DataSource): Promise<Transaction> {
    const runner = dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    const transaction = new Transaction(runner, client);
    transaction.enqueue({ text: 'BEGIN' });
    // TypeORM must not open its own transaction inside ours, nor take the COMMIT away from us (it discards the tag).
    (runner as unknown as OpenRunner).isTransactionActive = true;
    return transaction;
  }

  get manager(): EntityManager {
    return this.runner.manager;
  }

  query<Row extends object = Record<string, unknown>>(statement: Statement): Promise<QueryResult<Row>> {
    return this.client.query<Row>(statement);
  }

  /** Sends a statement without waiting for its answer. Its failure fails the whole transaction at commit. */
  write(statement: Statement): void {
    this.enqueue(statement);
  }

  /** Waits for every `write` so far; throws the first failure. */
  async flush(): Promise<void> {
    await Promise.all(this.writes);
  }

  onBeforeCommit(step: () => void | Promise<void>): void {
    this.beforeCommit.push(step);
  }

  onAfterCommit(step: () => void): void {
    this.afterCommit.push(step);
  }

  /** Something that lives as long as this transaction, made on first use. */
  resource<T>(key: symbol, create: () => T): T {
    if (!this.resources.has(key)) this.resources.set(key, create());
    return this.resources.get(key) as T;
  }

  /**
   * Throws the error of a failed `write`; COMMIT_OUTCOME_UNKNOWN when the connection died while COMMIT was under way;
   * TRANSACTION_ROLLED_BACK when PostgreSQL answered COMMIT with ROLLBACK, which it does without an error.
   */
  async commit(): Promise<void> {
    try {
      for (const step of this.beforeCommit) await step();
    } catch (error) {
      await this.rollback();
      throw error;
    }
    const commit = this.client.query({ text: 'COMMIT' });
    commit.catch(() => undefined);
    const failure = await this.firstFailedWrite();
    await this.settleCommit(commit, failure);
    await this.release();
    for (const step of this.afterCommit) step();
  }

  async rollback(): Promise<void> {
    const rolledBack = await this.client.query({ text: 'ROLLBACK' }).then(
      () => undefined,
      (error: Error) => error,
    );
    await Promise.allSettled(this.writes);
    await this.release(rolledBack);
  }

  private enqueue(statement: Statement): void {
    this.gather();
    const answer = this.client.query(statement);
    answer.catch(() => undefined);
    this.writes.push(answer);
  }

  /** Statements of one turn of the event loop leave in one packet: hundreds of small ones cost more than the work. */
  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    const { stream } = (this.client as unknown as { connection: { stream: Socket } }).connection;
    stream.cork();
    process.nextTick(() => {
      this.gathering = false;
      stream.uncork();
    });
  }

  private async firstFailedWrite(): Promise<Error | undefined> {
    for (const write of this.writes) {
      const error = await write.then(
        () => undefined,
        (failure: Error) => failure,
      );
      if (error) return error;
    }
    return undefined;
  }

  private async settleCommit(commit: Promise<QueryResult>, failure: Error | undefined): Promise<void> {
    let tag: string;
    try {
      tag = (await commit).command;
    } catch (cause) {
      await this.release(cause as Error);
      if (failure) throw failure;
      if (isServerAnswer(cause)) throw cause;
      throw new DatabaseError('COMMIT_OUTCOME_UNKNOWN', 'The connection was lost during COMMIT: ask again by id.', { cause });
    }
    if (tag === 'COMMIT' && !failure) return;
    await this.release();
    if (failure) throw failure;
    throw new DatabaseError('TRANSACTION_ROLLED_BACK', `COMMIT was answered with ${tag}: nothing was stored.`);
  }

  private async release(broken?: Error): Promise<void> {
    const runner = this.runner as unknown as OpenRunner;
    runner.isTransactionActive = false;
    await runner.releasePostgresConnection(broken);
  }
}

/** A deferred constraint or serialisation failure at COMMIT is a definite no; a lost connection says nothing. */
function isServerAnswer(error: unknown): boolean {
  const { severity, code } = error as { severity?: string; code?: string };
  return severity === 'ERROR' && !code?.startsWith('57P') && !code?.startsWith('08');
}
