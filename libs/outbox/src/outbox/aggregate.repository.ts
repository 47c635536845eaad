import { DatabaseError } from '@nestbox/database';
import type { UnitOfWork } from '@nestbox/database';
import type { AggregateRoot, StateContract } from '@nestbox/kernel';
import type { EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { Outbox } from './outbox.js';

/** What is told of an aggregate in the topic of its states. */
export interface AggregateState {
  readonly contract: StateContract;
  readonly key: string;
  /** Null: it is gone. */
  readonly data: unknown;
}

export function stateAs<Data>(contract: StateContract<Data>, data: NoInfer<Data>): AggregateState {
  return { contract: contract as StateContract, key: contract.key(data), data };
}

/** The aggregate is no more: its key is taken out of the topic. */
export function goneFrom<Data>(contract: StateContract<Data>, key: string): AggregateState {
  return { contract: contract as StateContract, key, data: null };
}

/**
 * Loads and saves one kind of aggregate. `save` writes the state first (which takes the row's lock) and hands the raised
 * events to the outbox of the same transaction: neither can be forgotten, and ids follow the order of the lock.
 */
export abstract class AggregateRepository<A extends AggregateRoot & ObjectLiteral> {
  /** Those that have a row: one that was stored before it raised anything has version 0, like a new one. */
  private readonly stored = new WeakSet<A>();

  constructor(
    private readonly entity: EntityTarget<A>,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async find(id: string): Promise<A | null> {
    return this.known(await this.unitOfWork.manager.findOne(this.entity, { where: this.byId(id) }));
  }

  /** Loads under SELECT … FOR UPDATE: others that change the same aggregate wait instead of failing. */
  async lock(id: string): Promise<A | null> {
    const lock = { mode: 'pessimistic_write' } as const;
    return this.known(await this.unitOfWork.current.manager.findOne(this.entity, { where: this.byId(id), lock }));
  }

  /** Returns the ids of the events written. Throws VERSION_CONFLICT when somebody else saved it since it was loaded. */
  async save(aggregate: A): Promise<string[]> {
    const { manager } = this.unitOfWork.current;
    const version = aggregate.storedVersion();
    const events = [...aggregate.pendingEvents()];
    const row = this.columnsOf(aggregate);
    if (version === 0 && !this.stored.has(aggregate)) {
      await manager.insert(this.entity, row);
      this.stored.add(aggregate);
    } else {
      const where = { ...this.byId(this.idOf(aggregate)), version } as FindOptionsWhere<A>;
      const { affected } = await manager.update(this.entity, where, row);
      if (affected !== 1) {
        throw new DatabaseError('VERSION_CONFLICT', `${aggregate.constructor.name} was changed by somebody else meanwhile.`);
      }
    }
    const state = this.stateOf(aggregate);
    if (state) this.outbox.keep(state.contract, { key: state.key, version: aggregate.version, data: state.data });
    const ids = this.outbox.add(events);
    aggregate.markSaved();
    return ids;
  }

  /** To be overridden where each save is to publish what the aggregate has come to. */
  protected stateOf(_aggregate: A): AggregateState | undefined {
    return undefined;
  }

  private known(aggregate: A | null): A | null {
    if (aggregate) this.stored.add(aggregate);
    return aggregate;
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
