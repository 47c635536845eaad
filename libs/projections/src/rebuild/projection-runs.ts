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

/** Runs projections where they belong: on the live tables, or fenced in on the stage of a generation being built. */
@Injectable()
export class ProjectionRuns {
  /** performance.now() of the last batch that went into live tables of this process. */
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
      const place = await this.generations.placeOf(handler);
      if (place === 'superseded') return;
      if (place === 'live') return live(handler, await this.newer(handler, handler.id, tasks), mayGoOn);
      return this.staged(place, keyByKey)(handler, tasks, mayGoOn);
    };
  }

  /** Into one generation's stage, whatever is live. Rejects with PARTITION_LOST once it is not being built any more. */
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

  /** Replaces what a view has of these aggregates by what they had come to: of the generation, or else of what is live. */
  async adopt(handler: RebuildableProjection, states: readonly StateMessage[], generation?: Generation): Promise<void> {
    const place = generation ?? (await this.generations.placeOf(handler));
    if (place === 'superseded') return;
    const number = await this.inbox.numberOf(place === 'live' ? handler.id : inboxNameOf(place));
    const work = async () => {
      // Once events have begun, a state may lack some that the view has: whoever still reads them has come too late.
      if ((await this.unitOfWork.query(STILL_OPEN, [number])).length === 0) return;
      for (const state of await holdVersions(this.unitOfWork, number, states)) await handler.state!.invoke([state], true);
    };
    if (place === 'live') await this.live(handler, work);
    else await this.unitOfWork.runNew(() => this.onStage(place, work));
  }

  /** Without what was in the states that the view began with. */
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
      if ((await this.generations.placeOf(handler as RebuildableProjection)) === 'superseded') return;
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

  /** Nothing is in sight there but the projection's tables, and nothing can be said to the world. */
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
