import { ACCESS_OPTIONS, AccessGuard } from '@nestbox/access';
import type { AccessOptions } from '@nestbox/access';
import { Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { MigrationClass } from '@nestbox/database';
import { Config } from './config/config.js';
import { loadConfig } from './config/load-config.js';
import type { Settings } from './config/settings.js';
import { HealthController } from './health/health.controller.js';
import { Readiness, READINESS_OPTIONS } from './health/readiness.js';
import type { Probe } from './health/readiness.js';
import { ProblemFilter } from './problem-details/problem.filter.js';
import { validationPipe } from './problem-details/validation.pipe.js';

export interface PlatformOptions {
  /** The context's name; decides the default port and appears in logs. */
  readonly app: string;
  /** The app is ready only when its database has had these. */
  readonly migrations: readonly MigrationClass[];
  /** The app's own settings; their class can be injected like Config. */
  readonly settings?: Settings;
  readonly probes?: readonly Type<Probe>[];
}

/** Stands in every access token of the accounts app. */
export const AUDIENCE_OF_TOKENS = 'nestbox-shop';

function accessOf({ operators, development, accountsUrl: url }: Config): AccessOptions {
  return { operators, development, issuer: url === undefined ? undefined : { url, audience: AUDIENCE_OF_TOKENS } };
}

/** Config, logging, access, health and error handling of every app. Global, so that module factories can inject Config. */
@Module({})
export class PlatformModule {
  static forRoot({ app, migrations, settings, probes = [] }: PlatformOptions): DynamicModule {
    // Injects Config because that validates the environment of both.
    const own = settings ? [{ provide: settings.as, inject: [Config], useFactory: () => settings.read(process.env) }] : [];
    return {
      module: PlatformModule,
      global: true,
      controllers: [HealthController],
      providers: [
        { provide: Config, useFactory: () => loadConfig(process.env, app, settings) },
        ...own,
        { provide: READINESS_OPTIONS, useValue: { migrations, probes } },
        Readiness,
        { provide: ACCESS_OPTIONS, inject: [Config], useFactory: accessOf },
        AccessGuard,
        { provide: APP_GUARD, useExisting: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
      exports: [Config, ...own.map(({ provide }) => provide)],
    };
  }
}
