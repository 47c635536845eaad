import { UnitOfWork } from '@nestbox/database';
import { clean, CrashPoints, MessageSpans } from '@nestbox/messaging';
import { attribute, isTracing } from '@nestbox/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';
import type { BoundHandler } from '../handler/handler-registry.js';
import { isSound } from '../handler/task.js';
import type { Task } from '../handler/task.js';
import { Inbox } from '../inbox/inbox.js';
import type { Failure } from '../retry/retry.js';
import { insertDeadLetter } from './insert-dead-letter.sql.js';
import type { DeadLetterReason } from './insert-dead-letter.sql.js';

// The keys of $2 that are parked. KEY SHARE stops a redrive from releasing a key before the event is in its queue.
const HOLD_KEYS = {
  name: 'nestbox-hold-parked-keys',
  text: `SELECT key FROM nestbox.parked_keys WHERE handler = $1::smallint AND key = ANY($2::text[]) ORDER BY key FOR KEY SHARE`,
};

// The update locks the row of a key that is parked already. $3: ms until the automatic retry of its head.
const PARK_KEY = {
  name: 'nestbox-park-key',
  text: `INSERT INTO nestbox.parked_keys (handler, key, due_at) VALUES ($1::smallint, $2, now() + $3 * interval '1 ms')
    ON CONFLICT (handler, key) DO UPDATE SET due_at = least(parked_keys.due_at, excluded.due_at)`,
};

const MAX_KNOWN = 50_000;

/**
 * Parks events as dead letters. Each step is one transaction, together with the claims of the events. After a crash before the
 * commit, the next delivery parks them; a repeated delivery parks nothing twice.
 */
@Injectable()
export class Parking {
  private readonly logger = new Logger('Parking');
  /** Parked keys by handler, cached. A stale entry is safe: the claim checks again (NB001). */
  private readonly known = new Map<string, Set<string>>();

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(CrashPoints) private readonly crashPoints: CrashPoints,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
    @Inject(MessageSpans) private readonly spans: MessageSpans,
  ) {}

  /**
   * Parks the events of parked keys behind the events that wait there, and returns the others. Uses the cache: it costs
   * nothing for a batch without such keys.
   */
  async setAside(handler: BoundHandler, tasks: readonly Task[]): Promise<readonly Task[]> {
    const known = this.known.get(handler.id);
    if (!known || known.size === 0) return tasks;
    const among = new Set(tasks.map(({ key }) => key).filter((key) => known.has(key)));
    return among.size === 0 ? tasks : this.putBehind(handler, tasks, among);
  }

  /** As `setAside`, but asks the database. Returns the events whose keys are not parked. */
  async putBehind(
    handler: BoundHandler,
    tasks: readonly Task[],
    among: ReadonlySet<string> = new Set(tasks.map(({ key }) => key)),
  ): Promise<readonly Task[]> {
    const number = await this.inbox.numberOf(handler.id);
    let behind: readonly Task[] = [];
    const held = await this.unitOfWork.runNew(async () => {
      const { rows } = await this.unitOfWork.current.query<{ key: string }>({ ...HOLD_KEYS, values: [number, [...among]] });
      const parked = new Set(rows.map(({ key }) => key));
      behind = tasks.filter(({ key }) => parked.has(key));
      await this.write(handler, behind);
      await this.crashPoints.beforeParked(handler.id);
      return parked;
    });
    this.learn(handler.id, among, held);
    await this.traceBehind(handler, behind);
    if (behind.length > 0) this.metrics.parked.inc({ handler: handler.id, reason: 'behind' }, behind.length);
    await this.crashPoints.afterParked(handler.id);
    return tasks.filter(({ key }) => !held.has(key));
  }

  /**
   * Parks a failed event; of an ordered handler also its key, with the `later` events of the key in the batch. With
   * `failure.laterMs` the event is retried automatically. False, and nothing is written, when another consumer has already
   * handled or parked the failed event.
   */
  async park(handler: BoundHandler, [failed, ...later]: readonly Task[], failure: Failure): Promise<boolean> {
    const number = await this.inbox.numberOf(handler.id);
    const behind = handler.ordered ? later : [];
    const { key } = failed!;
    const parked = await this.inTrace(handler, failed!, 'failed', () => this.unitOfWork.runNew(async () => {
      if (!(await this.writeFailed(handler, failed!, failure))) return false;
      if (handler.ordered) await this.unitOfWork.current.query({ ...PARK_KEY, values: [number, key, failure.laterMs ?? null] });
      await this.write(handler, behind);
      await this.crashPoints.beforeParked(handler.id);
      return true;
    }));
    if (!parked) return false;
    await this.traceBehind(handler, behind);
    if (handler.ordered) this.learn(handler.id, [key], new Set([key]));
    if (behind.length > 0) this.metrics.parked.inc({ handler: handler.id, reason: 'behind' }, behind.length);
    await this.report(handler, failed!, failure, handler.ordered ? `with its key and ${behind.length} later events` : 'alone');
    return true;
  }

  private inTrace<T>({ id }: BoundHandler, { record }: Task, reason: DeadLetterReason, work: () => Promise<T>): Promise<T> {
    return this.spans.about('park', record, { attributes: { [attribute.handler]: id, [attribute.parkedFor]: reason } }, work);
  }

  /** One span per event, because each event has its own trace. */
  private async traceBehind(handler: BoundHandler, tasks: readonly Task[]): Promise<void> {
    if (!isTracing()) return;
    for (const task of tasks) await this.inTrace(handler, task, 'behind', async () => undefined);
  }

  private async writeFailed(handler: BoundHandler, task: Task, failure: Failure): Promise<boolean> {
    const claimed = isSound(task);
    if (claimed && (await this.inbox.claim(handler.id, [task.message.eventId])).size === 0) return false;
    const reason: DeadLetterReason = claimed ? 'failed' : 'undecodable';
    const { key, record, message } = task;
    const statement = insertDeadLetter({ handler: handler.id, key, alone: !handler.ordered, claimed, reason, record, message, failure });
    const { rows } = await this.unitOfWork.current.query<{ inserted: boolean }>(statement);
    return claimed || rows[0]!.inserted;
  }

  private async write(handler: BoundHandler, tasks: readonly Task[]): Promise<void> {
    const ids = new Set(tasks.filter(isSound).map(({ message }) => message.eventId));
    const fresh = new Set(ids.size > 0 ? await this.inbox.claim(handler.id, [...ids]) : []);
    for (const task of tasks) {
      const claimed = isSound(task);
      // A second record with the same id is a duplicate.
      if (claimed && !fresh.delete(task.message.eventId)) continue;
      const reason: DeadLetterReason = claimed ? 'behind' : 'undecodable';
      const { key, record, message } = task;
      this.unitOfWork.write(insertDeadLetter({ handler: handler.id, key, alone: false, claimed, reason, record, message }));
    }
  }

  private learn(handlerId: string, asked: Iterable<string>, parked: ReadonlySet<string>): void {
    const known = this.known.get(handlerId) ?? new Set();
    for (const key of asked) {
      if (parked.has(key)) known.add(key);
      else known.delete(key);
    }
    // Safe: an unknown key only costs one failed claim.
    if (known.size > MAX_KNOWN) known.clear();
    this.known.set(handlerId, known);
  }

  private async report({ id }: BoundHandler, { record, key }: Task, { attempts, laterMs }: Failure, how: string): Promise<void> {
    this.metrics.parked.inc({ handler: id, reason: 'failed' });
    await this.crashPoints.afterParked(id);
    const { topic, partition, offset } = record;
    const why = attempts.at(-1)!.message;
    const what = `${id} parked ${topic}[${partition}]@${offset}, key ${clean(key, 100)}, ${how}`;
    if (laterMs === undefined) this.logger.error(`${what}, until an operator acts: ${why}`);
    else this.logger.warn(`${what}, and tries again in ${laterMs} ms: ${why}`);
  }
}
