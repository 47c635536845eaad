import type { PoolClient, QueryResult } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { DatabaseError } from './database.error.js';
import { claim, giveBack } from './driver-internals.js';
import { Pipeline } from './pipeline.js';
import type { Statement } from './pipeline.js';

/** One transaction on one connection. Statements run in the order of the calls, whether awaited or not. */
export class Transaction {
  private readonly beforeCommit: (() => void | Promise<void>)[] = [];
  private readonly afterCommit: (() => void)[] = [];
  private readonly resources = new Map<symbol, unknown>();
  private over = false;
  private fenced: string | undefined;

  private constructor(
    private readonly runner: QueryRunner,
    private readonly pipeline: Pipeline,
  ) {}

  static async begin(dataSource: DataSource): Promise<Transaction> {
    const runner = dataSource.createQueryRunner();
    const pipeline = new Pipeline((await runner.connect()) as PoolClient);
    const transaction = new Transaction(runner, pipeline);
    try {
      if (await claim(runner)) pipeline.write({ text: 'BEGIN' });
    } catch (error) {
      await transaction.release(error as Error);
      throw error;
    }
    return transaction;
  }

  /** The purpose of a fenced transaction: it must have no effect on anything else. */
  get fencedFor(): string | undefined {
    return this.fenced;
  }

  /** From now on, code in this transaction may not begin another one. */
  fence(purpose: string): void {
    this.fenced = purpose;
  }

  get manager(): EntityManager {
    return this.runner.manager;
  }

  query<Row extends object = Record<string, unknown>>(statement: Statement): Promise<QueryResult<Row>> {
    this.refuseWhenOver();
    return this.pipeline.client.query<Row>(statement);
  }

  /** Sends a statement without waiting for its answer. Its failure fails the whole transaction at commit. */
  write(statement: Statement): void {
    this.refuseWhenOver();
    this.pipeline.write(statement);
  }

  onBeforeCommit(step: () => void | Promise<void>): void {
    this.beforeCommit.push(step);
  }

  onAfterCommit(step: () => void): void {
    this.afterCommit.push(step);
  }

  /** A value with the lifetime of this transaction, created on first use. */
  resource<T>(key: symbol, create: () => T): T {
    if (!this.resources.has(key)) this.resources.set(key, create());
    return this.resources.get(key) as T;
  }

  /**
   * Throws the error of a failed `write`; COMMIT_OUTCOME_UNKNOWN when the connection was lost during COMMIT;
   * TRANSACTION_ROLLED_BACK when PostgreSQL answered COMMIT with ROLLBACK, which is not an error for it.
   */
  async commit(): Promise<void> {
    try {
      for (const step of this.beforeCommit) await step();
    } catch (error) {
      await this.rollback();
      throw error;
    }
    const commit = this.pipeline.commit();
    commit.catch(() => undefined);
    const failure = await this.pipeline.firstFailure();
    await this.settleCommit(commit, failure);
    await this.release();
    for (const step of this.afterCommit) step();
  }

  /** Returns the error of the first failed `write`, if any. */
  async rollback(): Promise<Error | undefined> {
    const rolledBack = await this.pipeline.client.query({ text: 'ROLLBACK' }).then(
      () => undefined,
      (error: Error) => error,
    );
    const failure = await this.pipeline.firstFailure();
    await this.release(rolledBack);
    return failure;
  }

  private async settleCommit(commit: Promise<string>, failure: Error | undefined): Promise<void> {
    let tag: string;
    try {
      tag = await commit;
    } catch (cause) {
      if (isServerAnswer(cause)) throw (await this.rollback()) ?? cause;
      await this.release(cause as Error);
      if (failure) throw failure;
      throw new DatabaseError('COMMIT_OUTCOME_UNKNOWN', 'The connection was lost during COMMIT: ask again by id.', { cause });
    }
    if (tag === 'COMMIT' && !failure) return;
    await this.release();
    if (failure) throw failure;
    throw new DatabaseError('TRANSACTION_ROLLED_BACK', `COMMIT was answered with ${tag}: nothing was stored.`);
  }

  /** Unawaited code must not write into the next transaction on this connection. */
  private refuseWhenOver(): void {
    if (this.over) throw new DatabaseError('NO_UNIT_OF_WORK', 'This unit of work is over: nothing may be written in it any more.');
  }

  private async release(broken?: Error): Promise<void> {
    this.over = true;
    this.pipeline.leave();
    await giveBack(this.runner, this.pipeline.client, broken);
  }
}

/** A deferred constraint or serialisation failure at COMMIT is a definite no; after a lost connection the outcome is unknown. */
function isServerAnswer(error: unknown): boolean {
  const { severity, code } = error as { severity?: string; code?: string };
  return severity === 'ERROR' && !code?.startsWith('57P') && !code?.startsWith('08');
}
