import { EventConsumer } from '@nestbox/consumer';
import { DatabaseModule, UnitOfWork } from '@nestbox/database';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { eventingMigrations, CrashPoints, NO_CRASHES } from '@nestbox/messaging';
import type { Broker } from '@nestbox/messaging';
import { AggregateRepository, Outbox } from '@nestbox/outbox';
import { Injectable, Module } from '@nestjs/common';
import type { INestApplication, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { EventingModule } from '../../../libs/eventing/src/eventing.module.js';
import type { EventingOptions } from '../../../libs/eventing/src/eventing.options.js';
import { CREATE_ORDERS, Order, OrderTable, shopTopics } from './shop.fixture.js';

@Injectable()
export class OrderRepository extends AggregateRepository<Order> {
  constructor(unitOfWork: UnitOfWork, outbox: Outbox) {
    super(Order, unitOfWork, outbox);
  }
}

export interface ContextOptions extends Partial<Omit<EventingOptions, 'broker'>> {
  readonly broker: Broker;
  readonly handlers?: Type[];
  readonly providers?: Type[];
  readonly database?: ScratchDatabase;
  readonly crashPoints?: Partial<CrashPoints>;
  readonly configure?: (app: INestApplication) => void;
}

/** A context with orders, an outbox, and the given handlers, on a real database and the broker under test. */
export class RunningContext {
  private constructor(
    readonly app: INestApplication,
    readonly database: ScratchDatabase,
    private readonly ownsDatabase: boolean,
  ) {}

  static async database(): Promise<ScratchDatabase> {
    const database = await scratchDatabase(eventingMigrations);
    const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    await dataSource.query(CREATE_ORDERS);
    await dataSource.query('CREATE TABLE effects (n serial, handler text, event_id uuid, key text, version int)');
    await dataSource.destroy();
    return database;
  }

  static async start(options: ContextOptions): Promise<RunningContext> {
    const { handlers = [], providers = [], configure, database: given, crashPoints = {}, ...eventing } = options;
    const database = given ?? (await RunningContext.database());
    const module = await Test.createTestingModule({ imports: [contextModule(database.url, eventing, handlers, providers)] })
      .overrideProvider(CrashPoints)
      .useValue({ ...NO_CRASHES, ...crashPoints })
      .compile();
    const app = module.createNestApplication({ logger: ['error'] });
    // Before connecting: Nest binds handlers to what the app has by then.
    configure?.(app);
    app.connectMicroservice({ strategy: app.get(EventConsumer) }, { inheritAppConfig: true });
    try {
      await app.startAllMicroservices();
      await app.init();
    } catch (error) {
      await app.close();
      throw error;
    }
    return new RunningContext(app, database, given === undefined);
  }

  async place(count = 1): Promise<Order[]> {
    const orders = Array.from({ length: count }, (_, n) => Order.place(1000 + n));
    for (const order of orders) await this.save(order);
    return orders;
  }

  async save(order: Order): Promise<void> {
    await this.unitOfWork.run(() => this.app.get(OrderRepository).save(order));
  }

  get unitOfWork(): UnitOfWork {
    return this.app.get(UnitOfWork);
  }

  query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.app.get(DataSource).query(sql, values);
  }

  /** What handlers have left behind, in the order of their commits within a key. */
  effects(handler: string) {
    return this.query<{ event_id: string; key: string; version: number }>(
      'SELECT event_id, key, version FROM effects WHERE handler = $1 ORDER BY n',
      [handler],
    );
  }

  async stop(): Promise<void> {
    await this.app.close();
    if (this.ownsDatabase) await this.database.drop();
  }
}

function contextModule(url: string, eventing: Partial<EventingOptions> & { broker: Broker }, handlers: Type[], providers: Type[]): Type {
  @Module({
    imports: [
      DatabaseModule.forRoot({ url, entities: [OrderTable], poolSize: 20 }),
      EventingModule.forRoot({ context: 'checkout', topics: shopTopics, alerting: { everyMs: 0 }, ...eventing, consumer: { monitorEveryMs: 0, ...eventing.consumer } }),
    ],
    controllers: handlers,
    providers: [OrderRepository, ...providers],
  })
  class ContextModule {}
  return ContextModule;
}
