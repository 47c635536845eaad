import { Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { MigrationClass } from '@nestbox/database';
import { Config, loadConfig } from './config/config.js';
import { HealthController } from './health/health.controller.js';
import { Readiness, READINESS_OPTIONS } from './health/readiness.js';
import type { Probe } from './health/readiness.js';
import { ProblemFilter } from './problem-details/problem.filter.js';
import { validationPipe } from './problem-details/validation.pipe.js';

export interface PlatformOptions {
  /** The context's name: also its default port and its entry in the logs. */
  readonly app: string;
  /** What its database must have had before it is ready. */
  readonly migrations: readonly MigrationClass[];
  readonly probes?: readonly Type<Probe>[];
}

/** What every service here has. Global, so that a module's factories can inject Config. */
@Module({})
export class PlatformModule {
  static forRoot({ app, migrations, probes = [] }: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      controllers: [HealthController],
      providers: [
        { provide: Config, useFactory: () => loadConfig(process.env, app) },
        { provide: READINESS_OPTIONS, useValue: { migrations, probes } },
        Readiness,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
      exports: [Config],
    };
  }
}
