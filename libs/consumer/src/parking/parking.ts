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
import { HOLD_KEYS, PARK_KEY } from './parking.sql.js';

const MOST_KNOWN = 50_000;

/**
 * Takes events out of the way, each step one transaction with the claim of what it parks: a crash before its commit
 * leaves the events to the next delivery, one after it has lost nothing, and a delivery that comes twice parks once.
 */
@Injectable()
export class Parking {
  private readonly logger = new Logger('Parking');
  /** Keys that are parked as far as this process was told last, by handler; a claim finds out otherwise in time. */
  private readonly known = new Map<string, Set<string>>();

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(CrashPoints) private readonly crashPoints: CrashPoints,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
    @Inject(MessageSpans) private readonly spans: MessageSpans,
  ) {}

  /**
   * Puts the events of keys that are known to be parked behind those that wait there, and returns the others. Costs
   * nothing for a batch that has none of them.
   */
  async setAside(handler: BoundHandler, tasks: readonly Task[]): Promise<readonly Task[]> {
    const known = this.known.get(handler.id);
    if (!known || known.size === 0) return tasks;
    const among = new Set(tasks.map(({ key }) => key).filter((key) => known.has(key)));
    return among.size === 0 ? tasks : this.putBehind(handler, tasks, among);
  }

  /** As setAside, when a claim has just said that a key is parked; returns what turned out to be open after all. */
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
   * Parks a key: its failed event, and what the batch holds of it behind that. With `laterMs` it is handed over again by
   * itself. False when somebody else has handled or parked the failed event meanwhile; nothing is written then.
   */
  async parkKey(handler: BoundHandler, [head, ...rest]: readonly Task[], failure: Failure): Promise<boolean> {
    const number = await this.inbox.numberOf(handler.id);
    const parked = await this.inTrace(handler, head!, 'failed', () => this.unitOfWork.runNew(async () => {
      if (!(await this.writeFailed(handler, head!, failure))) return false;
      await this.unitOfWork.current.query({ ...PARK_KEY, values: [number, head!.key, failure.laterMs ?? null] });
      await this.write(handler, rest);
      await this.crashPoints.beforeParked(handler.id);
      return true;
    }));
    if (!parked) return false;
    await this.traceBehind(handler, rest);
    this.learn(handler.id, [head!.key], new Set([head!.key]));
    if (rest.length > 0) this.metrics.parked.inc({ handler: handler.id, reason: 'behind' }, rest.length);
    await this.tell(handler, head!, failure, `with its key and ${rest.length} later events`);
    return true;
  }

  /** Parks one event of an order-free handler. */
  async parkAlone(handler: BoundHandler, task: Task, failure: Failure): Promise<boolean> {
    await this.inbox.numberOf(handler.id);
    const parked = await this.inTrace(handler, task, 'failed', () => this.unitOfWork.runNew(async () => {
      const written = await this.writeFailed(handler, task, failure);
      await this.crashPoints.beforeParked(handler.id);
      return written;
    }));
    if (parked) await this.tell(handler, task, failure, 'alone');
    return parked;
  }

  private inTrace<T>({ id }: BoundHandler, { record }: Task, reason: DeadLetterReason, work: () => Promise<T>): Promise<T> {
    return this.spans.about('park', record, { attributes: { [attribute.handler]: id, [attribute.parkedFor]: reason } }, work);
  }

  /** Each has a trace of its own, and all were parked at once. */
  private async traceBehind(handler: BoundHandler, tasks: readonly Task[]): Promise<void> {
    if (!isTracing()) return;
    for (const task of tasks) await this.inTrace(handler, task, 'behind', async () => undefined);
  }

  private async writeFailed(handler: BoundHandler, task: Task, failure: Failure): Promise<boolean> {
    const claimed = isSound(task);
    if (claimed && (await this.inbox.claim(handler.id, [task.message.eventId])).size === 0) return false;
    const reason: DeadLetterReason = claimed ? 'failed' : 'undecodable';
    const { key, record, message } = task;
    const letter = insertDeadLetter({ handler: handler.id, key, alone: !handler.ordered, claimed, reason, record, message, failure });
    const { rows } = await this.unitOfWork.current.query<{ inserted: boolean }>(letter);
    return claimed || rows[0]!.inserted;
  }

  private async write(handler: BoundHandler, tasks: readonly Task[]): Promise<void> {
    const ids = new Set(tasks.filter(isSound).map(({ message }) => message.eventId));
    const fresh = new Set(ids.size > 0 ? await this.inbox.claim(handler.id, [...ids]) : []);
    for (const task of tasks) {
      const claimed = isSound(task);
      // Taken out with its first record: a second one of the same id is a duplicate.
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
    // Forgetting costs a claim that fails and is made again, never an event.
    if (known.size > MOST_KNOWN) known.clear();
    this.known.set(handlerId, known);
  }

  private async tell({ id }: BoundHandler, { record, key }: Task, { attempts, laterMs }: Failure, how: string): Promise<void> {
    this.metrics.parked.inc({ handler: id, reason: 'failed' });
    await this.crashPoints.afterParked(id);
    const { topic, partition, offset } = record;
    const why = attempts.at(-1)!.message;
    const what = `${id} parked ${topic}[${partition}]@${offset}, key ${clean(key, 100)}, ${how}`;
    if (laterMs === undefined) this.logger.error(`${what}, until an operator acts: ${why}`);
    else this.logger.warn(`${what}, and tries again in ${laterMs} ms: ${why}`);
  }
}
