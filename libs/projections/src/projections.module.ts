import { Global, Module } from '@nestjs/common';
import { CommitNotifier } from './reading/commit-notifier.js';
import { ProjectionWaits } from './reading/projection-waits.js';
import { Bootstraps } from './rebuild/bootstraps.js';
import { GenerationBuilder } from './rebuild/generation-builder.js';
import { GenerationCleaner } from './rebuild/generation-cleaner.js';
import { Generations } from './rebuild/generations.js';
import { ProjectionConsumer } from './rebuild/projection-consumer.js';
import { ProjectionRuns } from './rebuild/projection-runs.js';
import { Projections } from './rebuild/projections.js';
import { Promotion } from './rebuild/promotion.js';

const PARTS = [
  CommitNotifier,
  Bootstraps,
  GenerationBuilder,
  GenerationCleaner,
  Generations,
  ProjectionConsumer,
  ProjectionRuns,
  ProjectionWaits,
  Projections,
  Promotion,
];

/** Runs projections in batches, rebuilds them beside live traffic, and lets readers wait for them. Needs ConsumerModule. */
@Global()
@Module({ providers: PARTS, exports: PARTS })
export class ProjectionsModule {}
