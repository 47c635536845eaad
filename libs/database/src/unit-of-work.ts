import { Inject, Injectable } from '@nestjs/common';
import { Semaphore } from '@nestbox/kernel';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { scopes, socketsRead, waitingCaller } from './callers.js';
import { DatabaseError, sqlState } from './database.error.js';
import { Transaction } from './transaction.js';
import type { Statement } from './pipeline.js';

const TRANSACTION_ABORTED = '25P02';

// More than a second's work for most apps; whoever comes later is better off trying again.
const MOST_WAITING = 1_000;

/**
 * Finds the transaction that all code of one command or handler shares, through the asynchronous context. One instance per
 * app, so that several apps can run in one process.
 */
@Injectable()
export class UnitOfWork {
  private readonly semaphore: Semaphore;
  private readonly mostWaiting: number;
  /** Since the start: callers who were refused because too many waited, and who had gone when their turn came. */
  readonly turnedAway = { refused: 0, gone: 0 };

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {
    const { poolSize = 10, extra } = dataSource.options as { poolSize?: number; extra?: { maxWaiting?: number } };
    this.mostWaiting = extra?.maxWaiting ?? MOST_WAITING;
    // Some connections stay free for reads: a unit of work that needs one must not wait for another unit of work.
    this.semaphore = new Semaphore(Math.max(1, poolSize - 2));
  }

  /** Joins the running transaction, or begins one and commits it when `work` resolves; rolls back when it rejects. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    return this.open ? work() : this.runNew(work);
  }

  /**
   * Always begins a new transaction. Waits in order when the pool is busy, so that a burst does not time out in the pool. Do
   * not call it inside another unit of work: it could deadlock.
   */
  async runNew<T>(work: () => Promise<T>): Promise<T> {
    const purpose = this.open?.fencedFor;
    if (purpose) throw new DatabaseError('FENCED', `${purpose} may begin no other transaction: it must have no effect but its own.`);
    await this.turn();
    try {
      return await this.execute(await Transaction.begin(this.dataSource), work);
    } finally {
      this.semaphore.release();
    }
  }

  /** Units of work that wait for a connection. */
  get waiting(): number {
    return this.semaphore.waiting;
  }

  isActive(): boolean {
    return this.open !== undefined;
  }

  /** Throws NO_UNIT_OF_WORK outside `run`. */
  get current(): Transaction {
    const { open } = this;
    if (open) return open;
    throw new DatabaseError('NO_UNIT_OF_WORK', 'Nothing may be written outside a unit of work: wrap the call in UnitOfWork.run.');
  }

  /** The current transaction's manager; outside a transaction the data source's, for reading. */
  get manager(): EntityManager {
    return this.open?.manager ?? this.dataSource.manager;
  }

  async query<Row extends object = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.current.query<Row>({ text, values })).rows;
  }

  /** Sends a write in order without waiting; its failure fails the transaction. See Transaction.write. */
  write(statement: Statement): void {
    this.current.write(statement);
  }

  /** Only callers are bounded and passed over: consumers bound themselves, and nobody waits for them. */
  private async turn(): Promise<void> {
    const caller = waitingCaller();
    if (caller) await socketsRead();
    if (caller && this.semaphore.waiting >= this.mostWaiting) this.refuseBeyondBound();
    if (await this.semaphore.acquire(caller?.isGone)) {
      if (caller) caller.served = true;
      return;
    }
    this.turnedAway.gone += 1;
    throw new DatabaseError('CALLER_GONE', 'The client hung up before its turn came: nothing was begun.');
  }

  private refuseBeyondBound(): void {
    this.semaphore.dismissGone();
    if (this.semaphore.waiting < this.mostWaiting) return;
    this.turnedAway.refused += 1;
    throw new DatabaseError('TOO_MANY_WAITING', `${this.semaphore.waiting} requests wait for a transaction: nothing was begun.`);
  }

  private get open(): Transaction | undefined {
    let scope = scopes.getStore();
    while (scope && scope.owner !== this) scope = scope.outer;
    return scope?.transaction;
  }

  private within<T>(transaction: Transaction, work: () => Promise<T>): Promise<T> {
    return scopes.run({ owner: this, transaction, outer: scopes.getStore() }, work);
  }

  private async execute<T>(transaction: Transaction, work: () => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await this.within(transaction, work);
    } catch (error) {
      // "Current transaction is aborted" hides the cause: an earlier write that nobody awaited.
      const cause = await transaction.rollback();
      throw sqlState(error) === TRANSACTION_ABORTED ? (cause ?? error) : error;
    }
    await this.within(transaction, () => transaction.commit());
    return result;
  }
}
