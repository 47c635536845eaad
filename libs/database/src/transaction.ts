import type { Socket } from 'node:net';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { DatabaseError } from './database.error.js';
import { RepeatedStatement } from './repeated-statement.js';

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
  private gathered: { statement: Statement & { name: string }; sets: unknown[][] } | undefined;
  private corked = false;
  private readonly send: (...args: unknown[]) => unknown;

  private constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
  ) {
    const send = client.query.bind(client) as (...args: unknown[]) => unknown;
    this.send = (...args) => {
      this.cork();
      return send(...args);
    };
    // Whoever uses the connection next, TypeORM included, comes after what has been gathered.
    client.query = ((...args: unknown[]) => {
      this.submitGathered();
      return this.send(...args);
    }) as typeof client.query;
  }

  static async begin(dataSource: DataSource): Promise<Transaction> {
    const runner = dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    const transaction = new Transaction(runner, client);
    transaction.track(client.query('BEGIN'));
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
    this.submitGathered();
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

  /** Returns the error of the first failed `write`, if any. */
  async rollback(): Promise<Error | undefined> {
    const rolledBack = await this.client.query({ text: 'ROLLBACK' }).then(
      () => undefined,
      (error: Error) => error,
    );
    const failure = await this.firstFailedWrite();
    await this.release(rolledBack);
    return failure;
  }

  /** What is sent in one turn of the event loop (BEGIN and the first statement, the last one and COMMIT) is one packet. */
  private cork(): void {
    if (this.corked) return;
    this.corked = true;
    const { stream } = (this.client as unknown as { connection: { stream: Socket } }).connection;
    stream.cork();
    process.nextTick(() => {
      this.corked = false;
      stream.uncork();
    });
  }

  /** Statements of the same name, one after the other, are put together and leave with whatever comes next. */
  private enqueue(statement: Statement): void {
    const { name, values = [] } = statement;
    if (name === undefined) {
      this.track(this.client.query(statement));
    } else if (this.gathered?.statement.name === name) {
      this.gathered.sets.push(values);
    } else {
      this.submitGathered();
      this.gathered = { statement: { ...statement, name }, sets: [values] };
      process.nextTick(() => this.submitGathered());
    }
  }

  private submitGathered(): void {
    if (!this.gathered) return;
    const { statement, sets } = this.gathered;
    this.gathered = undefined;
    const repeated = new RepeatedStatement(statement, sets);
    this.track(
      new Promise<void>((resolve, reject) => {
        this.send(repeated, (error: Error | null) => (error ? reject(error) : resolve()));
      }),
    );
  }

  private track(answer: Promise<unknown>): void {
    answer.catch(() => undefined);
    this.writes.push(answer);
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
    // Uncovers the method of the class again.
    delete (this.client as { query?: unknown }).query;
    await runner.releasePostgresConnection(broken);
  }
}

/** A deferred constraint or serialisation failure at COMMIT is a definite no; a lost connection says nothing. */
function isServerAnswer(error: unknown): boolean {
  const { severity, code } = error as { severity?: string; code?: string };
  return severity === 'ERROR' && !code?.startsWith('57P') && !code?.startsWith('08');
}
