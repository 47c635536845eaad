import { Inject, Injectable } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { pendingMigrations } from '@nestbox/database';
import type { MigrationClass } from '@nestbox/database';
import { DataSource } from 'typeorm';
import { problemOf } from './problem-of.js';

/** A health check of something that the app needs. */
export interface Probe {
  /** Undefined when healthy, otherwise one line with the problem. */
  problem(): Promise<string | undefined>;
}

export const READINESS_OPTIONS = Symbol('READINESS_OPTIONS');
export interface ReadinessOptions {
  readonly migrations: readonly MigrationClass[];
  readonly probes: readonly Type<Probe>[];
}

// Shorter than a poller's usual timeout, so that the poller gets the reason.
const PATIENCE_MS = 2_000;

@Injectable()
export class Readiness {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(READINESS_OPTIONS) private readonly options: ReadinessOptions,
  ) {}

  async reasonsAgainst(): Promise<string[]> {
    const probes = this.options.probes.map((probe) => this.modules.get<Probe>(probe, { strict: false }));
    const answers = await Promise.all([
      problemOf(PATIENCE_MS, 'database', () => this.databaseProblem()),
      ...probes.map((probe) => problemOf(PATIENCE_MS, probe.constructor.name, () => probe.problem())),
    ]);
    return answers.filter((answer) => answer !== undefined);
  }

  private async databaseProblem(): Promise<string | undefined> {
    // Of a server that follows another it is on, too.
    const [row] = await this.dataSource.query<{ transaction_read_only: string }[]>('SHOW transaction_read_only');
    if (row?.transaction_read_only === 'on') return 'cannot write: the database is read-only';
    const pending = await pendingMigrations(this.dataSource, this.options.migrations);
    return pending.length > 0 ? `migrations pending: ${pending.join(', ')}` : undefined;
  }
}
