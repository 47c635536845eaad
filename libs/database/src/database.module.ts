import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, FactoryProvider, MiddlewareConsumer, ModuleMetadata, NestModule, OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { forCaller } from './callers.js';
import { requireOwnSessions, sessionOptions } from './connection.js';
import { SteadyClient } from './steady-client.js';
import { UnitOfWork } from './unit-of-work.js';

export interface DatabaseOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  readonly entities?: NonNullable<DataSourceOptions['entities']>;
  /** Connections in the pool. Default 10. */
  readonly poolSize?: number;
  /** Requests that may wait for a transaction; those beyond it are refused with TOO_MANY_WAITING. Default 1000. */
  readonly maxWaiting?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
}

export interface DatabaseAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...args: never[]) => DatabaseOptions | Promise<DatabaseOptions>;
}

/** Every socket has deadlines: a half-open connection would otherwise hang for many minutes. */
export function dataSourceOptions(options: DatabaseOptions): DataSourceOptions {
  return {
    type: 'postgres',
    url: options.url,
    entities: options.entities ?? [],
    entitySkipConstructor: true,
    synchronize: false,
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName,
    connectTimeoutMS: 5_000,
    extra: {
      Client: SteadyClient,
      options: sessionOptions(options.url),
      pipeline: true,
      maxWaiting: options.maxWaiting,
      keepAlive: true,
      query_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
    },
  };
}

/** One context's database: its DataSource and its UnitOfWork. Global within the app. */
@Module({})
export class DatabaseModule implements NestModule, OnModuleInit {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    const { poolSize = 10 } = this.dataSource.options as { poolSize?: number };
    const runners = Array.from({ length: Math.min(2, poolSize) }, () => this.dataSource.createQueryRunner());
    try {
      await requireOwnSessions(runners[0]!, runners[1]);
    } finally {
      await Promise.all(runners.map((runner) => runner.release()));
    }
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(forCaller).forRoutes('{*path}');
  }

  static forRoot(options: DatabaseOptions): DynamicModule {
    return DatabaseModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ imports, inject, useFactory }: DatabaseAsyncOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          imports,
          inject: inject as never,
          useFactory: async (...args: unknown[]) => ({
            ...dataSourceOptions(await useFactory(...(args as never[]))),
            retryAttempts: 10,
            retryDelay: 1_000,
          }),
        }),
      ],
      providers: [UnitOfWork],
      exports: [UnitOfWork],
    };
  }
}
