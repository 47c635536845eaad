import { DatabaseError, failuresIn, sqlState } from '@nestbox/database';
import type { Transaction, UnitOfWork } from '@nestbox/database';
import type { AggregateRoot, StateContract } from '@nestbox/kernel';
import type { EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { Outbox } from './outbox.js';

const UNIQUE_VIOLATION = '23505';

/** The state of an aggregate, for the topic of its states. */
export interface AggregateState {
  readonly contract: StateContract;
  readonly key: string;
  /** Null: the aggregate was deleted. */
  readonly data: unknown;
}

export function stateAs<Data>(contract: StateContract<Data>, data: NoInfer<Data>): AggregateState {
  return { contract: contract as StateContract, key: contract.key(data), data };
}

/** The aggregate was deleted: its key is removed from the topic. */
export function goneFrom<Data>(contract: StateContract<Data>, key: string): AggregateState {
  return { contract: contract as StateContract, key, data: null };
}

/**
 * Loads and saves one kind of aggregate. `save` writes the row first, which locks it, and then adds the raised events to the
 * outbox in the same transaction. So the events of an aggregate get their ids in the order of its changes.
 */
export abstract class AggregateRepository<A extends AggregateRoot & ObjectLiteral> {
  /** Aggregates that have a row. The version is not enough: a row saved without events has version 0, like a new one. */
  private readonly stored = new WeakSet<A>();
  /** Ids that a transaction has looked for in vain. */
  private readonly missed = new WeakMap<Transaction, Set<unknown>>();

  constructor(
    private readonly entity: EntityTarget<A>,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async find(id: string): Promise<A | null> {
    return this.known(id, await this.unitOfWork.manager.findOne(this.entity, { where: this.byId(id) }));
  }

  /** Loads with SELECT … FOR UPDATE: other changes of the same aggregate wait instead of failing. */
  async lock(id: string): Promise<A | null> {
    const lock = { mode: 'pessimistic_write' } as const;
    return this.known(id, await this.unitOfWork.current.manager.findOne(this.entity, { where: this.byId(id), lock }));
  }

  /**
   * Returns the ids of the written events. Throws VERSION_CONFLICT when the aggregate was saved since it was loaded, or created
   * since it was looked for.
   */
  async save(aggregate: A): Promise<string[]> {
    const { manager } = this.unitOfWork.current;
    const version = aggregate.storedVersion();
    const events = [...aggregate.pendingEvents()];
    const row = this.columnsOf(aggregate);
    if (version === 0 && !this.stored.has(aggregate)) {
      await manager.insert(this.entity, row).catch((error: unknown) => this.conflictOr(error, aggregate));
      this.stored.add(aggregate);
    } else {
      const where = { ...this.byId(this.idOf(aggregate)), version } as FindOptionsWhere<A>;
      const { affected } = await manager.update(this.entity, where, row);
      if (affected !== 1) {
        throw new DatabaseError('VERSION_CONFLICT', `${aggregate.constructor.name} was changed by another transaction.`);
      }
    }
    const state = this.stateOf(aggregate);
    if (state) this.outbox.keep(state.contract, { key: state.key, version: aggregate.version, data: state.data });
    const ids = this.outbox.add(events);
    aggregate.markSaved();
    return ids;
  }

  /** Override it to publish the state of the aggregate with each save. */
  protected stateOf(_aggregate: A): AggregateState | undefined {
    return undefined;
  }

  private known(id: unknown, aggregate: A | null): A | null {
    if (aggregate) this.stored.add(aggregate);
    else if (this.unitOfWork.isActive()) this.missedIn(this.unitOfWork.current).add(id);
    return aggregate;
  }

  private missedIn(transaction: Transaction): Set<unknown> {
    const missed = this.missed.get(transaction) ?? new Set();
    this.missed.set(transaction, missed);
    return missed;
  }

  /** Somebody else was first, and another try will find what they made. Without a look before, every try would insert again. */
  private conflictOr(error: unknown, aggregate: A): never {
    const looked = this.missedIn(this.unitOfWork.current).has(this.idOf(aggregate));
    if (!looked || sqlState(error) !== UNIQUE_VIOLATION || !this.isOfPrimaryKey(error)) throw error;
    throw new DatabaseError('VERSION_CONFLICT', `${aggregate.constructor.name} was created by another transaction.`, { cause: error });
  }

  /** By the name of the constraint: as the entity says, as TypeORM makes it, or as PostgreSQL does. */
  private isOfPrimaryKey(error: unknown): boolean {
    const { primaryColumns, tableName, tablePath, connection } = this.metadata;
    const byTypeOrm = connection.namingStrategy.primaryKeyName(tablePath, primaryColumns.map(({ databaseName }) => databaseName));
    const names = new Set<unknown>([this.idColumn.primaryKeyConstraintName, byTypeOrm, `${tableName}_pkey`]);
    return [...failuresIn(error)].some((failure) => names.has((failure as { constraint?: string }).constraint));
  }

  private get metadata() {
    return this.unitOfWork.manager.connection.getMetadata(this.entity);
  }

  private get idColumn() {
    return this.metadata.primaryColumns[0]!;
  }

  /** TypeORM refuses an update that names a property it does not map, such as the list of raised events. */
  private columnsOf(aggregate: A): QueryDeepPartialEntity<A> {
    const columns = this.metadata.columns.map((column) => [column.propertyName, column.getEntityValue(aggregate)]);
    return Object.fromEntries(columns) as QueryDeepPartialEntity<A>;
  }

  private byId(id: unknown): FindOptionsWhere<A> {
    return { [this.idColumn.propertyName]: id } as FindOptionsWhere<A>;
  }

  private idOf(aggregate: A): unknown {
    return this.idColumn.getEntityValue(aggregate);
  }
}
