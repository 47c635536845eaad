import { BoundHandlers, ConsumerMetrics, Parking, Pauses } from '@nestbox/consumer';
import { Sleeper } from '@nestbox/kernel';
import { Broker, CrashPoints, MessageSpans, RecordReader } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Bootstraps } from './bootstraps.js';
import { RebuildWorker, groupOf, standing } from './rebuild-worker.js';
import { GenerationCleaner } from './generation-cleaner.js';
import { Generations } from './generations.js';
import type { Generation, RebuildableProjection } from './generations.js';
import { isRebuildable, ProjectionRuns } from './projection-runs.js';
import { Promotion } from './promotion.js';

const LOOK_MS = 1_000;

/**
 * Builds what stands in nestbox.generations as being built, in every process that has the projection: whoever dies, others
 * or the next start go on from the group's offsets. Whoever finds that nothing is left swaps.
 */
@Injectable()
export class GenerationBuilder implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Projections');
  private readonly buildings = new Map<number, RebuildWorker>();
  private readonly pause = new Sleeper();
  private running: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    @Inject(Generations) private readonly generations: Generations,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(Promotion) private readonly promotion: Promotion,
    @Inject(GenerationCleaner) private readonly cleaner: GenerationCleaner,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(ProjectionRuns) private readonly runs: ProjectionRuns,
    @Inject(Parking) private readonly parking: Parking,
    @Inject(CrashPoints) private readonly crashPoints: CrashPoints,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
    @Inject(MessageSpans) private readonly spans: MessageSpans,
    @Inject(Pauses) private readonly pauses: Pauses,
    @Inject(RecordReader) private readonly reader: RecordReader,
    @Inject(Bootstraps) private readonly bootstraps: Bootstraps,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    this.pause.wake();
    await this.running;
    await Promise.all([...this.buildings.values()].map((building) => building.stop()));
  }

  /** There is something new to do. */
  wake(): void {
    this.pause.wake();
  }

  problemOf(id: number): string | undefined {
    return this.buildings.get(id)?.problem();
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      if (this.handlers.all.some(isRebuildable)) {
        await this.look().catch((error: Error) => this.logger.warn(`Generations cannot be looked at, trying again: ${error.message}`));
      }
      if (!this.closed) await this.pause.sleep(LOOK_MS);
    }
  }

  private async look(): Promise<void> {
    const open = await this.generations.list('building');
    await this.stopAllBut(new Set(open.map(({ id }) => id)));
    for (const generation of open) {
      const handler = this.handlers.get(generation.projection);
      // Another version of the code has begun it.
      if (this.closed || !handler || !isRebuildable(handler) || handler.view.version !== generation.version) continue;
      await this.work(generation, handler).catch((error: Error) => this.stumble(generation, error));
    }
  }

  private async work(generation: Generation, handler: RebuildableProjection): Promise<void> {
    if (this.buildings.get(generation.id)?.hasFailed) this.buildings.delete(generation.id);
    if (!this.buildings.has(generation.id) && generation.kind !== 'version') this.begin(generation, handler);
    const building = this.buildings.get(generation.id);
    const problem = building?.problem();
    if (generation.kind === 'replay') {
      const left = (await standing(this.broker, generation, handler)).reduce((sum, { lag }) => sum + lag, 0);
      if (left === 0) await this.finish(generation, handler);
      return;
    }
    const outcome = await this.promotion.attempt(generation, handler, () => building && (building.hurry = true));
    if (outcome !== true) return this.generations.note(generation.id, outcome ?? problem ?? null);
    this.generations.forget(generation.projection);
    this.logger.log(`${generation.projection}: generation ${generation.id} is live`);
    await this.stopAllBut(new Set([...this.buildings.keys()].filter((id) => id !== generation.id)));
    if (generation.kind === 'rebuild') await this.broker.forgetGroup(groupOf(generation, handler)).catch(() => undefined);
  }

  private begin(generation: Generation, handler: RebuildableProjection): void {
    const { broker, runs, parking, crashPoints, metrics, spans, pauses, bootstraps, reader } = this;
    const workshop = { broker, runs, parking, crashPoints, metrics, spans, pauses, bootstraps, reader };
    const building = new RebuildWorker(generation, handler, workshop);
    this.buildings.set(generation.id, building);
    building.start();
  }

  private async finish(generation: Generation, handler: RebuildableProjection): Promise<void> {
    await this.stopAllBut(new Set([...this.buildings.keys()].filter((id) => id !== generation.id)));
    await this.cleaner.drop(generation, 'done');
    await this.broker.forgetGroup(groupOf(generation, handler)).catch(() => undefined);
  }

  /** Another process may have been quicker, or a lock not to be had: the next look tells. */
  private async stumble(generation: Generation, error: Error): Promise<void> {
    this.logger.debug(`Generation ${generation.id}: ${error.message}`);
    const current = await this.generations.get(generation.id).catch(() => undefined);
    if (current?.status === 'building') await this.generations.note(generation.id, error.message.slice(0, 500)).catch(() => undefined);
  }

  private async stopAllBut(keep: ReadonlySet<number>): Promise<void> {
    for (const [id, building] of this.buildings) {
      if (keep.has(id)) continue;
      this.buildings.delete(id);
      await building.stop();
    }
  }
}
