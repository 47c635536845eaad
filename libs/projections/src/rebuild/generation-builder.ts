import { BoundHandlers, ConsumerMetrics, Parking, Pauses } from '@nestbox/consumer';
import { RepeatedFailure, Sleeper } from '@nestbox/kernel';
import { Broker, CrashPoints, MessageSpans, RecordReader } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Bootstraps } from './bootstraps.js';
import { RebuildWorker, groupOf, lagsOf, recordsLeft } from './rebuild-worker.js';
import { GenerationCleaner } from './generation-cleaner.js';
import { Generations } from './generations.js';
import type { Generation, RebuildableProjection } from './generations.js';
import { isRebuildable, ProjectionRuns } from './projection-runs.js';
import { Promotion } from './promotion.js';

const LOOK_MS = 1_000;

/**
 * Builds the generations with status `building` in nestbox.generations. Every process that has the projection takes part:
 * when one dies, the others or the next start continue from the group's offsets. The process that finds nothing left to
 * read swaps the tables.
 */
@Injectable()
export class GenerationBuilder implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Projections');
  private readonly trouble = new RepeatedFailure('Reading generations', (line) => this.logger.warn(line));
  private readonly workers = new Map<number, RebuildWorker>();
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
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
  }

  /** Looks for new work at once. */
  wake(): void {
    this.pause.wake();
  }

  problemOf(id: number): string | undefined {
    return this.workers.get(id)?.problem();
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      if (this.handlers.all.some(isRebuildable)) {
        await this.look().catch((error: Error) => this.trouble.failed(`Generations could not be read, trying again: ${error.message}`));
      }
      if (!this.closed) await this.pause.sleep(LOOK_MS);
    }
  }

  private async look(): Promise<void> {
    const open = await this.generations.list('building');
    this.trouble.worked();
    await this.stopAllBut(new Set(open.map(({ id }) => id)));
    for (const generation of open) {
      const handler = this.handlers.get(generation.projection);
      // Processes with another version of the code build it.
      if (this.closed || !handler || !isRebuildable(handler) || handler.view.version !== generation.version) continue;
      await this.work(generation, handler).catch((error: Error) => this.stumble(generation, error));
    }
  }

  private async work(generation: Generation, handler: RebuildableProjection): Promise<void> {
    if (this.workers.get(generation.id)?.hasFailed) this.workers.delete(generation.id);
    if (!this.workers.has(generation.id) && generation.kind !== 'version') this.begin(generation, handler);
    const worker = this.workers.get(generation.id);
    const problem = worker?.problem();
    if (generation.kind === 'replay') {
      const left = recordsLeft(await lagsOf(this.broker, generation, handler));
      if (left === 0) await this.finish(generation, handler);
      return;
    }
    const outcome = await this.promotion.attempt(generation, handler, () => worker && (worker.hurry = true));
    if (outcome !== true) return this.generations.note(generation.id, outcome ?? problem ?? null);
    this.generations.forget(generation.projection);
    this.logger.log(`${generation.projection}: generation ${generation.id} is live`);
    await this.stopAllBut(new Set([...this.workers.keys()].filter((id) => id !== generation.id)));
    if (generation.kind === 'rebuild') await this.broker.forgetGroup(groupOf(generation, handler)).catch(() => undefined);
  }

  private begin(generation: Generation, handler: RebuildableProjection): void {
    const { broker, runs, parking, crashPoints, metrics, spans, pauses, bootstraps, reader } = this;
    const context = { broker, runs, parking, crashPoints, metrics, spans, pauses, bootstraps, reader };
    const worker = new RebuildWorker(generation, handler, context);
    this.workers.set(generation.id, worker);
    worker.start();
  }

  private async finish(generation: Generation, handler: RebuildableProjection): Promise<void> {
    await this.stopAllBut(new Set([...this.workers.keys()].filter((id) => id !== generation.id)));
    await this.cleaner.drop(generation, 'done');
    await this.broker.forgetGroup(groupOf(generation, handler)).catch(() => undefined);
  }

  /** Expected causes: another process was quicker, or a lock was not free. The next round tries again. */
  private async stumble(generation: Generation, error: Error): Promise<void> {
    this.logger.debug(`Generation ${generation.id}: ${error.message}`);
    const current = await this.generations.get(generation.id).catch(() => undefined);
    if (current?.status === 'building') await this.generations.note(generation.id, error.message.slice(0, 500)).catch(() => undefined);
  }

  private async stopAllBut(keep: ReadonlySet<number>): Promise<void> {
    for (const [id, worker] of this.workers) {
      if (keep.has(id)) continue;
      this.workers.delete(id);
      await worker.stop();
    }
  }
}
