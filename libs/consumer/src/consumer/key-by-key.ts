import { inParallel } from '@nestbox/kernel';
import type { MessageSpans } from '@nestbox/messaging';
import { isTracing } from '@nestbox/telemetry';
import type { BoundHandler } from '../handler/handler-registry.js';
import { byKey, isSound } from '../handler/task.js';
import type { SoundTask, Task } from '../handler/task.js';
import type { Parking } from '../parking/parking.js';
import { failureOf, insist, isKeyParked, tryInPlace } from '../retry/retry.js';
import type { Attempt, MayGoOn } from '../retry/retry.js';
import type { ConsumerMetrics } from '../metrics/consumer-metrics.js';

/** How one handler handles its tasks of a batch. Resolves when all of them are handled or parked. */
export type Lane = (handler: BoundHandler, tasks: readonly Task[], mayGoOn: MayGoOn) => Promise<void>;

/** Reactions: one transaction per event; keys in parallel, each key in order. */
export function reactionLane(parking: Parking, keyByKey: KeyByKey): Lane {
  return async (handler, tasks, mayGoOn) => {
    const open = await insist('Parking', () => parking.setAside(handler, tasks), mayGoOn);
    await keyByKey.run(handler, open, ({ method, message }) => method.invoke([message]), mayGoOn);
  };
}

/** Handles events one by one: keys in parallel, each key in order. Parks what fails, so other keys go on. */
export class KeyByKey {
  constructor(
    private readonly parking: Parking,
    private readonly metrics: ConsumerMetrics,
    private readonly spans: MessageSpans,
    private readonly concurrency: number,
  ) {}

  async run(handler: BoundHandler, tasks: readonly Task[], attempt: Attempt<SoundTask>, mayGoOn: MayGoOn): Promise<void> {
    const measured = this.measured(handler, attempt);
    await inParallel(this.concurrency, byKey(tasks), (queue) => this.work(handler, queue, measured, mayGoOn));
  }

  private async work(handler: BoundHandler, queue: readonly Task[], attempt: Attempt<SoundTask>, mayGoOn: MayGoOn): Promise<void> {
    for (let next = 0; next < queue.length; ) {
      const task = queue[next]!;
      const outcome = isSound(task) ? await tryInPlace(task, attempt, mayGoOn) : failureOf(task.fault);
      if (outcome === 'handled') {
        next += 1;
      } else if (outcome === 'key parked') {
        const open = await insist('Parking', () => this.parking.putBehind(handler, queue.slice(next)), mayGoOn);
        if (open.length === 0) return;
      } else {
        const parked = await insist('Parking', () => this.parking.park(handler, queue.slice(next), outcome), mayGoOn);
        if (parked && handler.ordered) return;
        // Parked alone, or already handled by another consumer: the key goes on.
        next += 1;
      }
    }
  }

  private measured(handler: BoundHandler, attempt: Attempt<SoundTask>): Attempt<SoundTask> {
    const { handled, failed, duration, dwell } = this.metrics;
    const labels = { handler: handler.id };
    const traced = isTracing();
    return async (task) => {
      const [before, startedAt] = [performance.now(), Date.now()];
      try {
        await (traced ? this.spans.processing({ handler, tasks: [task] }, () => attempt(task)) : attempt(task));
        handled.inc(labels);
        dwell.observe(handler.id, [task], startedAt, Date.now());
      } catch (error) {
        if (!isKeyParked(error)) failed.inc(labels);
        throw error;
      } finally {
        duration.observe(labels, (performance.now() - before) / 1_000);
      }
    };
  }
}
