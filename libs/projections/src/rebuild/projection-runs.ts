import { ConsumerMetrics, Inbox, Parking } from '@nestbox/consumer';
import type { BoundHandler, KeyByKey, Lane, Task } from '@nestbox/consumer';
import { sqlState, UnitOfWork } from '@nestbox/database';
import { EventingError, MessageSpans } from '@nestbox/messaging';
import type { StateMessage } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { inboxNameOf, Generations, stageOf } from './generations.js';
import type { Generation, RebuildableProjection } from './generations.js';
import { HELD, holdVersions, passOver } from './held-versions.js';
import { projectionLane } from './projection-lane.js';
import type { Run } from './projection-lane.js';

const MOVED = 'NB002';
const STILL_OPEN = 'SELECT handler FROM nestbox.bootstraps WHERE handler = $1 AND done_at IS NULL FOR SHARE';

/** Runs projections on the live tables, or fenced on the stage of a generation being built. */
@Injectable()
export class ProjectionRuns {
  /** performance.now() of this process's last batch on live tables. */
  lastLive = -Infinity;

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(Parking) private readonly parking: Parking,
    @Inject(Generations) private readonly generations: Generations,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
    @Inject(MessageSpans) private readonly spans: MessageSpans,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  /** For the app's own groups. */
  lane(keyByKey: KeyByKey): Lane {
    const plain = this.laneOf((_handler, work) => this.unitOfWork.runNew(work), keyByKey);
    const live = this.laneOf(this.live, keyByKey);
    return async (handler, tasks, mayGoOn) => {
      if (!isRebuildable(handler)) return plain(handler, tasks, mayGoOn);
      const target = await this.generations.targetOf(handler);
      if (target === 'superseded') return;
      if (target === 'live') return live(handler, await this.newer(handler, handler.id, tasks), mayGoOn);
      return this.staged(target, keyByKey)(handler, tasks, mayGoOn);
    };
  }

  /** A lane into one generation's stage. Rejects with PARTITION_LOST once that is no longer being built. */
  staged(generation: Generation, keyByKey: KeyByKey): Lane {
    return async (handler, tasks, mayGoOn) => {
      let moved = false;
      const run: Run = async (_handler, work) => {
        try {
          await this.unitOfWork.runNew(() => this.onStage(generation, work));
        } catch (error) {
          if (sqlState(error) !== MOVED) throw error;
          moved = true;
          this.generations.forget(generation.projection);
          throw new EventingError('PARTITION_LOST', `Generation ${generation.id} is not being built any more.`, { cause: error });
        }
      };
      const builder = { ...handler, id: inboxNameOf(generation) };
      await this.laneOf(run, keyByKey)(builder, await this.newer(handler, builder.id, tasks), () => mayGoOn() && !moved);
      if (moved) throw new EventingError('PARTITION_LOST', `Generation ${generation.id} is not being built any more.`);
    };
  }

  /** Writes these states over a view's rows: in the given generation, by default in the one that gets the events. */
  async adopt(handler: RebuildableProjection, states: readonly StateMessage[], generation?: Generation): Promise<void> {
    const target = generation ?? (await this.generations.targetOf(handler));
    if (target === 'superseded') return;
    const number = await this.inbox.numberOf(target === 'live' ? handler.id : inboxNameOf(target));
    const work = async () => {
      // Once the group reads events, a state may be older than the view: a late reader of states must not write.
      if ((await this.unitOfWork.query(STILL_OPEN, [number])).length === 0) return;
      for (const state of await holdVersions(this.unitOfWork, number, states)) await handler.state!.invoke([state], true);
    };
    if (target === 'live') await this.live(handler, work);
    else await this.unitOfWork.runNew(() => this.onStage(target, work));
  }

  /** Without the events that the view's seed states already include. */
  private async newer({ state }: BoundHandler, inboxName: string, tasks: readonly Task[]): Promise<readonly Task[]> {
    if (!state) return tasks;
    const keys = [...new Set(tasks.map(({ key }) => key))];
    const number = await this.inbox.numberOf(inboxName);
    const held = await this.dataSource.query<{ key: string; version: number }[]>(HELD, [number, keys]);
    return passOver(tasks, state.contract.of, new Map(held.map(({ key, version }) => [key, version])));
  }

  private laneOf(run: Run, keyByKey: KeyByKey): Lane {
    const { inbox, parking, metrics, spans } = this;
    return projectionLane({ run, inbox, parking, keyByKey, metrics, spans });
  }

  private readonly live: Run = async (handler, work) => {
    for (;;) {
      if ((await this.generations.targetOf(handler as RebuildableProjection)) === 'superseded') return;
      const number = await this.inbox.numberOf(handler.id);
      try {
        await this.unitOfWork.runNew(async () => {
          this.unitOfWork.write({ ...ENTER_LIVE, values: [number, (handler as RebuildableProjection).view.version] });
          await work();
        });
        this.lastLive = performance.now();
        return;
      } catch (error) {
        if (sqlState(error) !== MOVED) throw error;
        this.inbox.forget(handler.id);
        this.generations.forget(handler.id);
      }
    }
  };

  /** The work sees only the stage's copies of the projection's tables and cannot publish anything. */
  private async onStage(generation: Generation, work: () => Promise<void>): Promise<void> {
    const { current } = this.unitOfWork;
    current.fence(`generation ${generation.id} of ${generation.projection}`);
    this.unitOfWork.write({ ...ENTER_STAGE, values: [generation.id, stageOf(generation)] });
    await work();
  }
}

const ENTER_LIVE = { name: 'nestbox-enter-live', text: 'SELECT nestbox.enter_generation($1::smallint, $2::int)' };
const ENTER_STAGE = {
  name: 'nestbox-enter-stage',
  text: `SELECT nestbox.enter_building($1::int), set_config('search_path', $2, true)`,
};

export function isRebuildable(handler: BoundHandler): handler is RebuildableProjection {
  return handler.view !== undefined;
}
