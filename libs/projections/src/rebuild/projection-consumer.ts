import { EventConsumer } from '@nestbox/consumer';
import type { KeyByKey, Lane, ProjectionRuntime } from '@nestbox/consumer';
import { Inject, Injectable } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { Bootstraps } from './bootstraps.js';
import { ProjectionRuns } from './projection-runs.js';
import { refuseEffects } from './refuse-effects.js';

/** Gives the consumer what it needs to run projections. */
@Injectable()
export class ProjectionConsumer implements ProjectionRuntime {
  constructor(
    @Inject(EventConsumer) consumer: EventConsumer,
    @Inject(ProjectionRuns) private readonly runs: ProjectionRuns,
    @Inject(Bootstraps) private readonly bootstraps: Bootstraps,
  ) {
    consumer.runProjectionsWith(this);
  }

  refuseFaulty(handlers: Type): void {
    refuseEffects(handlers);
  }

  lane(keyByKey: KeyByKey): Lane {
    return this.runs.lane(keyByKey);
  }

  seedGroup(group: string, mayGoOn: () => boolean): Promise<void> {
    return this.bootstraps.settleGroup(group, mayGoOn);
  }
}
