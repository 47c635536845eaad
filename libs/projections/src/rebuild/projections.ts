import { BoundHandlers } from '@nestbox/consumer';
import { sqlState } from '@nestbox/database';
import { Broker } from '@nestbox/messaging';
import type { PartitionLag } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { groupOf, lagsOf, recordsLeft, topicsOf } from './rebuild-worker.js';
import { GenerationBuilder } from './generation-builder.js';
import { GenerationCleaner } from './generation-cleaner.js';
import { Generations } from './generations.js';
import type { Generation, GenerationKind, GenerationSettings, RebuildableProjection } from './generations.js';
import { isRebuildable } from './projection-runs.js';
import { GenerationBusy, GenerationNotFound, HistoryGone, ProjectionNotFound, ProjectionNotRebuildable } from './projection.errors.js';
import { partitionName, rangeOf, sizeOf } from './replay-range.js';

export interface Authored {
  readonly actor: string;
  readonly reason: string;
}

export interface RebuildOptions extends Authored {
  /** Share of the time that building may use while live events arrive, 0 to 1. Default 0.5. */
  readonly share?: number;
  readonly acceptParked?: boolean;
}

export interface ReplayOptions extends Authored {
  /** A time (ISO 8601) or an offset. Default: the earliest record. */
  readonly from?: string;
  /** Like `from`, exclusive. Default: the current end of the log. */
  readonly to?: string;
  /** Share of the time that the replay may use while live events arrive, 0 to 1. Default 0.5. */
  readonly share?: number;
}

export interface GenerationState extends Generation {
  /** Records of all partitions together. Undefined unless it is being built. */
  readonly progress?: { readonly done: number; readonly left: number };
}

export interface ListedProjection {
  readonly id: string;
  readonly version: number;
  readonly tables: readonly string[];
  readonly generations: readonly GenerationState[];
}

/** Operators' actions on this app's projections. Long work runs in the background and continues after a crash. */
@Injectable()
export class Projections {
  constructor(
    @Inject(Broker) private readonly broker: Broker,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(Generations) private readonly generations: Generations,
    @Inject(GenerationBuilder) private readonly builder: GenerationBuilder,
    @Inject(GenerationCleaner) private readonly cleaner: GenerationCleaner,
  ) {}

  /** The projections that can be rebuilt, with their generations, oldest first. */
  async list(): Promise<ListedProjection[]> {
    const all = await this.generations.list();
    const listed = [];
    for (const handler of this.handlers.all.filter(isRebuildable)) {
      const own = all.filter(({ projection }) => projection === handler.id);
      const generations = await Promise.all(own.map((generation) => this.stateOf(generation, handler)));
      listed.push({ id: handler.id, version: handler.view.version, tables: handler.view.tables, generations });
    }
    return listed;
  }

  /** Undefined when there is no such generation. */
  async state(id: number): Promise<GenerationState | undefined> {
    const generation = await this.generations.get(id);
    if (!generation) return undefined;
    const handler = this.handlers.get(generation.projection);
    return handler && isRebuildable(handler) ? this.stateOf(generation, handler) : generation;
  }

  /** Builds new tables beside the live ones and swaps them. Throws HISTORY_GONE when the log has lost old events. */
  async rebuild(id: string, { share, acceptParked, actor, reason }: RebuildOptions): Promise<Generation> {
    const handler = this.rebuildable(id);
    for (const bound of await this.broker.bounds(topicsOf(handler))) {
      // Complete states replace the events that are gone.
      const hasStates = handler.state?.contract.complete && handler.state.contract.of === bound.topic;
      if (!hasStates && bound.earliest !== '0') throw new HistoryGone(partitionName(bound), bound.earliest);
    }
    return this.open(handler, 'rebuild', { settings: { share, acceptParked }, actor, reason });
  }

  /** Number of records that a replay would read. */
  async measureReplay(id: string, { from, to }: Pick<ReplayOptions, 'from' | 'to'>): Promise<number> {
    return sizeOf(await rangeOf(this.broker, topicsOf(this.repeatable(id)), from, to));
  }

  /** Applies a part of history to the live tables again. */
  async replay(id: string, { from, to, share, actor, reason }: ReplayOptions): Promise<Generation> {
    const handler = this.repeatable(id);
    const range = await rangeOf(this.broker, topicsOf(handler), from, to);
    return this.open(handler, 'replay', { settings: { range, share }, actor, reason });
  }

  /** Stops building a generation and drops it; the live tables stay as they are. */
  async cancel(id: number, by: Authored): Promise<void> {
    const generation = await this.generations.get(id);
    if (generation?.status !== 'building') throw new GenerationNotFound(id, 'is being built');
    await this.cleaner.drop(generation, 'cancelled', by);
    this.builder.wake();
    const handler = this.handlers.get(generation.projection);
    if (handler && isRebuildable(handler) && generation.kind !== 'version') {
      await this.broker.forgetGroup(groupOf(generation, handler)).catch(() => undefined);
    }
  }

  /** Drops an old generation, irrevocably. */
  async drop(id: number, by: Authored): Promise<void> {
    const generation = await this.generations.get(id);
    if (generation?.status !== 'old') throw new GenerationNotFound(id, 'was kept from before');
    await this.cleaner.drop(generation, 'dropped', by);
  }

  private async open(
    handler: RebuildableProjection,
    kind: GenerationKind,
    how: Authored & { settings: GenerationSettings },
  ): Promise<Generation> {
    const opened = await this.generations.open(handler, kind, how).catch((error: Error) => {
      throw sqlState(error) === 'NB003' ? new ProjectionNotRebuildable(handler.id, `cannot be rebuilt: ${error.message}`) : error;
    });
    if (!opened) throw new GenerationBusy(handler.id);
    this.builder.wake();
    return opened;
  }

  private async stateOf(generation: Generation, handler: RebuildableProjection): Promise<GenerationState> {
    if (generation.status !== 'building') return generation;
    const lags = await lagsOf(this.broker, generation, handler);
    const problem = generation.problem ?? this.builder.problemOf(generation.id) ?? null;
    return { ...generation, problem, progress: progressOf(lags) };
  }

  private rebuildable(id: string): RebuildableProjection {
    const handler = this.handlers.get(id);
    if (!handler) throw new ProjectionNotFound(id);
    if (handler.kind !== 'projection') throw new ProjectionNotRebuildable(id, 'is a reaction: its effects must not happen twice');
    if (!isRebuildable(handler)) throw new ProjectionNotRebuildable(id, 'names no tables: add "tables" to its decorator');
    return handler;
  }

  private repeatable(id: string): RebuildableProjection {
    const handler = this.rebuildable(id);
    if (handler.view.repeatable) return handler;
    throw new ProjectionNotRebuildable(id, 'is not marked as repeatable, so a replay could count events twice: rebuild it instead');
  }
}

function progressOf(lags: readonly PartitionLag[]): { done: number; left: number } {
  const left = recordsLeft(lags);
  const all = lags.reduce((sum, { end }) => sum + Number(end), 0);
  return { done: all - left, left };
}
