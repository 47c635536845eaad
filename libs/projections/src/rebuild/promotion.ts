import { setTimeout as pause } from 'node:timers/promises';
import { Inbox } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { Broker, BUILDING_LOCK, CrashPoints, LIVE_LOCK } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Bootstraps, isFromStates } from './bootstraps.js';
import { groupOf, lagsOf, recordsLeft, topicsOf } from './rebuild-worker.js';
import { inboxNameOf } from './generations.js';
import type { Generation, RebuildableProjection } from './generations.js';

/** Live events wait while the generation catches up: start only when few records are left, give up after 5 s. */
const NEAR_ENOUGH = 1_000;
const LONGEST_GATE_MS = 5_000;
/** A long read on the old tables would block the swap, and everybody else behind it: give up early and try again. */
const LOCK_MS = 500;
const PARKED = `SELECT count(*)::int AS n FROM nestbox.dead_letters WHERE handler = $1 AND status IN ('parked', 'delayed')`;

/**
 * Replaces the live tables by a new generation in one transaction. Guarantees: no live event is applied meanwhile, the new
 * tables include every event of the old ones, and readers see either the old or the new tables.
 */
@Injectable()
export class Promotion {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(CrashPoints) private readonly crashPoints: CrashPoints,
    @Inject(Bootstraps) private readonly bootstraps: Bootstraps,
  ) {}

  /** True once it is live; otherwise the obstacle, or undefined when it just needs more time. */
  async attempt(generation: Generation, handler: RebuildableProjection, hurry: () => void): Promise<true | string | undefined> {
    const left = recordsLeft(await lagsOf(this.broker, generation, handler));
    if (left > NEAR_ENOUGH) return undefined;
    if (isFromStates(handler) && !(await this.bootstraps.isDone(generation))) return undefined;
    // Checked before live events have to wait, so that they do not wait in vain.
    const parked = await this.parkedIn(generation);
    if (parked) return parked;
    hurry();
    await this.inbox.numberOf(handler.id);
    await this.crashPoints.beforeSwap();
    const obstacle = await this.unitOfWork.runNew(() => this.swap(generation, handler));
    if (obstacle) return obstacle;
    await this.crashPoints.afterSwap();
    return true;
  }

  private async swap(generation: Generation, handler: RebuildableProjection): Promise<string | undefined> {
    await this.unitOfWork.query(`SET LOCAL lock_timeout = ${LOCK_MS}`);
    const live = `SELECT pg_advisory_xact_lock(${LIVE_LOCK}, id) FROM nestbox.handlers WHERE name = $1`;
    await this.unitOfWork.query(live, [handler.id]);
    if (!(await this.caughtUp(generation, handler))) return 'live events come in faster than it can catch up with';
    await this.unitOfWork.query(`SELECT pg_advisory_xact_lock(${BUILDING_LOCK}, $1)`, [generation.id]);
    const parked = await this.parkedIn(generation);
    if (!parked) await this.unitOfWork.query('SELECT nestbox.swap_stage($1)', [generation.id]);
    return parked;
  }

  /** Waits until it has read to the log's end as of now: live events are blocked, so the live tables hold no later event. */
  private async caughtUp(generation: Generation, handler: RebuildableProjection): Promise<boolean> {
    const ends = new Map((await this.broker.bounds(topicsOf(handler))).map((bound) => [`${bound.topic} ${bound.partition}`, bound.end]));
    const group = groupOf(generation, handler);
    for (const until = performance.now() + LONGEST_GATE_MS; performance.now() < until; await pause(20)) {
      const lags = await this.broker.lag(group, topicsOf(handler));
      const behind = lags.filter(({ topic, partition, committed }) => {
        const end = BigInt(ends.get(`${topic} ${partition}`) ?? '0');
        return end > 0n && BigInt(committed ?? '0') < end;
      });
      if (behind.length === 0) return true;
    }
    return false;
  }

  private async parkedIn(generation: Generation): Promise<string | undefined> {
    if (generation.settings.acceptParked) return undefined;
    const [row] = await this.unitOfWork.manager.query<{ n: number }[]>(PARKED, [inboxNameOf(generation)]);
    if (row!.n === 0) return undefined;
    return `${row!.n} events could not be applied: mend the code and rebuild again, or rebuild with accept-parked`;
  }
}
