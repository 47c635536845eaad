import { Inject, Injectable } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { EventConsumer } from '../consumer/event-consumer.js';
import type { KeyByKey } from '../consumer/key-by-key.js';
import type { Lane } from '../consumer/lane.js';
import type { ProjectionRuntime } from '../consumer/projection-runtime.js';
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
