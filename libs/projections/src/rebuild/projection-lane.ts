import { insist, isKeyParked, isSound, withinDeadline } from '@nestbox/consumer';
import type { BoundHandler, BoundMethod, ConsumerMetrics, Inbox, KeyByKey, Lane, Parking, SoundTask, Task } from '@nestbox/consumer';
import { sqlState } from '@nestbox/database';
import type { EventMessage, MessageSpans } from '@nestbox/messaging';
import { failSpan, isTracing } from '@nestbox/telemetry';

const UNIQUE_VIOLATION = '23505';
/** Tries of a batch as a whole, each without the keys that failed before; then it runs key by key. */
const WHOLE_TRIES = 4;

/** Runs the work in its own transaction; skips it when another generation gets the handler's events. */
export type Run = (handler: BoundHandler, work: () => Promise<void>) => Promise<void>;

export interface ProjectionNeeds {
  readonly run: Run;
  readonly inbox: Inbox;
  readonly parking: Parking;
  readonly keyByKey: KeyByKey;
  readonly metrics: ConsumerMetrics;
  readonly spans: MessageSpans;
}

/**
 * Runs projections optimistically: one transaction and one bulk claim for the whole batch, no savepoints, and no round
 * trip before the commit. A key that fails or is parked is removed and the rest is tried again as a whole; when the
 * failing key is unknown, the rest runs key by key.
 */
export function projectionLane({ run, inbox, parking, keyByKey, metrics, spans }: ProjectionNeeds): Lane {
  const one = (handler: BoundHandler, task: SoundTask) =>
    run(handler, async () => {
      const fresh = await inbox.claim(handler.id, [task.message.eventId], [task.key]);
      if (fresh.size > 0) await withinDeadline([task.method.mark.deadlineMs], () => task.method.invoke([task.message]));
    });
  return async (handler, tasks, mayGoOn) => {
    const troubled = new Set(tasks.filter((task) => !isSound(task)).map(({ key }) => key));
    const open = await insist('Parking', () => parking.setAside(handler, tasks), mayGoOn);
    let whole = open;
    for (let left = WHOLE_TRIES; ; left--) {
      whole = whole.filter(({ key }) => !troubled.has(key));
      const stop = metrics.duration.startTimer({ handler: handler.id });
      const startedAt = Date.now();
      const end = await traced(spans, handler, whole, new Batch(run, inbox, handler, whole as SoundTask[]));
      if (whole.length > 0) stop();
      if (end === 'done') {
        metrics.handled.inc({ handler: handler.id }, whole.length);
        metrics.dwell.observe(handler.id, whole, startedAt, Date.now());
        break;
      }
      if (end.keyParked) whole = [...(await insist('Parking', () => parking.putBehind(handler, whole), mayGoOn))];
      else if (end.culprit !== undefined) troubled.add(end.culprit);
      if (left === 0 || (!end.keyParked && end.culprit === undefined)) {
        for (const { key } of whole) troubled.add(key);
        break;
      }
    }
    await keyByKey.run(handler, open.filter(({ key }) => troubled.has(key)), (task) => one(handler, task), mayGoOn);
  };
}

async function traced(spans: MessageSpans, handler: BoundHandler, tasks: readonly Task[], batch: Batch): Promise<'done' | Setback> {
  if (!isTracing() || tasks.length === 0) return batch.run();
  return spans.processing({ handler, tasks }, async (span) => {
    const end = await batch.run();
    if (end !== 'done' && span) failSpan(span, end.error);
    return end;
  });
}

/** Why a batch could not be done as a whole. */
interface Setback {
  readonly keyParked: boolean;
  readonly error: unknown;
  /** The key of the event whose handler threw. */
  readonly culprit?: string;
}

class Batch {
  /** Set while a handler runs with a single event: the key to blame when it throws. */
  private culprit: string | undefined;

  constructor(
    private readonly within: Run,
    private readonly inbox: Inbox,
    private readonly handler: BoundHandler,
    private readonly tasks: readonly SoundTask[],
  ) {}

  async run(): Promise<'done' | Setback> {
    if (this.tasks.length === 0) return 'done';
    const { id } = this.handler;
    const distinct = firstOfEach(this.tasks);
    const ids = distinct.map(({ message }) => message.eventId);
    const keys = [...new Set(distinct.map(({ key }) => key))];
    const allFresh = async () => {
      await this.inbox.claimFresh(id, ids, keys);
      await this.inTime(distinct);
      for (const task of distinct) task.letGo();
    };
    const onlyFresh = async () => {
      const fresh = await this.inbox.claim(id, ids, keys);
      await this.inTime(distinct.filter(({ message }) => fresh.has(message.eventId)));
    };
    try {
      await this.within(this.handler, allFresh).catch((error: unknown) => {
        if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
        return this.within(this.handler, onlyFresh);
      });
      return 'done';
    } catch (error) {
      return { keyParked: isKeyParked(error), error, culprit: this.culprit };
    }
  }

  private async inTime(tasks: readonly SoundTask[]): Promise<void> {
    const deadlines = [...new Set(tasks.map(({ method }) => method.mark.deadlineMs))];
    if (tasks.length > 0) await withinDeadline(deadlines, () => this.project(tasks));
  }

  private async project(tasks: readonly SoundTask[]): Promise<void> {
    for (const { method, messages } of runs(tasks)) {
      const calls = method.mark.batch ? [messages] : messages.map((message) => [message]);
      for (const call of calls) {
        this.culprit = call.length === 1 ? call[0]!.key : undefined;
        await method.invoke(call);
      }
    }
    this.culprit = undefined;
  }
}

/** Of several records with the same event id the first one counts. */
function firstOfEach(tasks: readonly SoundTask[]): SoundTask[] {
  const first = new Map<string, SoundTask>();
  for (const task of tasks) if (!first.has(task.message.eventId)) first.set(task.message.eventId, task);
  return [...first.values()];
}

/** Groups neighbours of the same method: a batch handler gets them in one call, and the order across types is kept. */
export function* runs(tasks: readonly SoundTask[]): Generator<{ method: BoundMethod; messages: EventMessage[] }> {
  let run: { method: BoundMethod; messages: EventMessage[] } | undefined;
  for (const { method, message } of tasks) {
    if (run?.method === method) {
      run.messages.push(message);
      continue;
    }
    if (run) yield run;
    run = { method, messages: [message] };
  }
  if (run) yield run;
}
