import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { DatabaseError } from './database.error.js';
import { Transaction } from './transaction.js';
import type { Statement } from './transaction.js';

/**
 * The transaction that everything inside one command or handler shares, found through the asynchronous context. One
 * instance per app (no statics), so that several apps can live in one process.
 */
@Injectable()
export class UnitOfWork {
  private readonly storage = new AsyncLocalStorage<Transaction>();

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Joins the running transaction, or begins one and commits it when `work` resolves; rolls back when it rejects. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    return this.storage.getStore() ? work() : this.runNew(work);
  }

  /** Always begins a transaction of its own, even inside another. */
  async runNew<T>(work: () => Promise<T>): Promise<T> {
    const transaction = await Transaction.begin(this.dataSource);
    let result: T;
    try {
      result = await this.storage.run(transaction, work);
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
    await this.storage.run(transaction, () => transaction.commit());
    return result;
  }

  isActive(): boolean {
    return this.storage.getStore() !== undefined;
  }

  /** Throws NO_UNIT_OF_WORK outside `run`. */
  get current(): Transaction {
    const transaction = this.storage.getStore();
    if (transaction) return transaction;
    throw new DatabaseError('NO_UNIT_OF_WORK', 'Nothing may be written outside a unit of work: wrap the call in UnitOfWork.run.');
  }

  /** The current transaction's manager, or, for reading outside one, the data source's. */
  get manager(): EntityManager {
    return this.storage.getStore()?.manager ?? this.dataSource.manager;
  }

  async query<Row extends object = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.current.query<Row>({ text, values })).rows;
  }

  /** Sends a write in order but without waiting for it; its failure fails the transaction. See Transaction.write. */
  write(statement: Statement): void {
    this.current.write(statement);
  }
}
