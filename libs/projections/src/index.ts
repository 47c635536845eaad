export { ProjectionsModule } from './projections.module.js';
export { AnswersFrom } from './reading/answers-from.js';
export { CommitNotifier } from './reading/commit-notifier.js';
export { PositionsController } from './reading/positions.controller.js';
export { ProjectionWaits, waitablesIn } from './reading/projection-waits.js';
export type { Waitable, WaitLimits, WaitOutcome } from './reading/projection-waits.js';

export { Bootstraps } from './rebuild/bootstraps.js';
export { GenerationBuilder } from './rebuild/generation-builder.js';
export { GenerationCleaner } from './rebuild/generation-cleaner.js';
export { Generations, stageOf } from './rebuild/generations.js';
export type { Generation } from './rebuild/generations.js';
export { ProjectionConsumer } from './rebuild/projection-consumer.js';
export { ProjectionRuns } from './rebuild/projection-runs.js';
export { GenerationNotFound } from './rebuild/projection.errors.js';
export { Projections } from './rebuild/projections.js';
export type { GenerationState, ListedProjection, RebuildOptions, ReplayOptions } from './rebuild/projections.js';
export { Promotion } from './rebuild/promotion.js';
