import { setTimeout as pause } from 'node:timers/promises';
import { GroupConsumer, KeyByKey } from '@nestbox/consumer';
import type { ConsumerMetrics, Parking, Pauses } from '@nestbox/consumer';
import { Downtime } from '@nestbox/messaging';
import type {
  BatchControl,
  BatchHandler,
  Broker,
  CrashPoints,
  MessageSpans,
  PartitionBatch,
  PartitionLag,
  RecordReader,
  Subscription,
} from '@nestbox/messaging';
import { isFromStates } from './bootstraps.js';
import type { Bootstraps } from './bootstraps.js';
import { inboxNameOf } from './generations.js';
import type { Generation, RebuildableProjection } from './generations.js';
import type { ProjectionRuns } from './projection-runs.js';
import { partitionName } from './replay-range.js';

/** Building slows down when the last live event is younger than this. */
const LIVE_MS = 1_000;
const DEFAULT_SHARE = 0.5;
const LONGEST_REST_MS = 2_000;
/** Records per batch while live events arrive: a larger batch would delay them longer. */
const SMALL_BATCH = 100;

export interface RebuildContext {
  readonly broker: Broker;
  readonly runs: ProjectionRuns;
  readonly parking: Parking;
  readonly crashPoints: CrashPoints;
  readonly metrics: ConsumerMetrics;
  readonly spans: MessageSpans;
  readonly pauses: Pauses;
  readonly reader: RecordReader;
  readonly bootstraps: Bootstraps;
}

/** A record without a readable handler or key is not parked here: the live group has parked it. */
const LEAVE_TO_LIVE_GROUP = { park: async () => undefined };

export function topicsOf({ methods }: RebuildableProjection): string[] {
  return [...new Set([...methods.values()].map(({ mark }) => mark.contract.topic))];
}

/** A new version is built by the group that will run it later; anything else by a temporary group. */
export function groupOf(generation: Generation, handler: RebuildableProjection): string {
  return generation.kind === 'version' ? handler.group : inboxNameOf(generation).replace('@', '.');
}

/** The lag of the building group per partition; of a replay, only what its range still leaves. */
export async function lagsOf(broker: Broker, generation: Generation, handler: RebuildableProjection): Promise<PartitionLag[]> {
  const lags = await broker.lag(groupOf(generation, handler), topicsOf(handler));
  const { range } = generation.settings;
  return lags.map((lag) => {
    if (!range) return lag;
    const { from = '0', to = '0' } = range[partitionName(lag)] ?? {};
    const left = from === to ? 0n : BigInt(to) - BigInt(lag.committed ?? from);
    return { ...lag, end: to, lag: Number(left > 0n ? left : 0n) };
  });
}

export function recordsLeft(lags: readonly PartitionLag[]): number {
  return lags.reduce((sum, { lag }) => sum + lag, 0);
}

const TRIES = 3;

/** Joining a group, or joining it again, takes no longer than this; a problem that lasts longer is reported. */
const PASSING_MS = 30_000;

/** The handler as the builder runs it: it parks a failing event after three tries in place, without delayed retries. */
function builderOf(handler: RebuildableProjection, generation: Generation): RebuildableProjection {
  const methods = [...handler.methods].map(([type, method]) => {
    const policy = { ...method.policy, attempts: TRIES, inPlace: TRIES };
    return [type, { ...method, policy }] as const;
  });
  return { ...handler, id: inboxNameOf(generation), methods: new Map(methods) };
}

/** This process's part in building one generation: a member of the building group until `stop`. */
export class RebuildWorker {
  /** True when the generation is nearly done: no more rests, because live events wait for it. */
  hurry = false;
  private readonly consumer: GroupConsumer;
  private subscription: Subscription | undefined;
  private starting: Promise<void> = Promise.resolve();
  private startProblem: string | undefined;
  private stopped = false;
  private lastBatch: Promise<void> = Promise.resolve();
  private readonly downtime = new Downtime();

  constructor(
    private readonly generation: Generation,
    private readonly handler: RebuildableProjection,
    private readonly context: RebuildContext,
  ) {
    const { runs, parking, crashPoints, metrics, spans, pauses, reader } = context;
    const lane = runs.staged(generation, new KeyByKey(parking, metrics, spans, 8));
    const never = () => Promise.reject(new Error('A reaction is never replayed.'));
    const builder = builderOf(handler, generation);
    const lanes = { projection: lane, reaction: never };
    this.consumer = new GroupConsumer(groupOf(generation, handler), [builder], lanes, LEAVE_TO_LIVE_GROUP, crashPoints, pauses, reader);
  }

  start(): void {
    this.starting = this.begin().catch((error: Error) => {
      this.startProblem = error.message;
    });
  }

  problem(): string | undefined {
    return this.startProblem ?? this.lastingProblem();
  }

  /** True when it could not start. */
  get hasFailed(): boolean {
    return this.startProblem !== undefined;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.consumer.stop();
    await this.starting;
    await this.subscription?.stop();
  }

  /** A problem that an operator must solve, or that has lasted too long to be a rebalance. */
  private lastingProblem(): string | undefined {
    const problem = this.subscription?.problem();
    const lasts = this.downtime.note(problem) > PASSING_MS || this.subscription?.waitsForOperator?.();
    return lasts ? problem : undefined;
  }

  private async begin(): Promise<void> {
    const { group, topics } = this.consumer;
    const { generation, handler, context } = this;
    const mayGoOn = () => !this.stopped;
    if (isFromStates(handler) && generation.kind === 'rebuild') {
      await context.bootstraps.settle(handler, { group, generation, mayGoOn });
    }
    if (mayGoOn()) this.subscription = await context.broker.subscribe({ group, topics, handler: this.handle });
  }

  private readonly handle: BatchHandler = async (batch, control) => {
    for (let done = 0; done < batch.records.length && control.isOwned(); ) {
      const { makesRoom } = this;
      const records = batch.records.slice(done, makesRoom ? done + SMALL_BATCH : undefined);
      const build = () => this.build({ ...batch, records }, control);
      await (makesRoom ? this.oneAtATime(build) : build());
      done += records.length;
    }
  };

  private async build(batch: PartitionBatch, control: BatchControl): Promise<void> {
    const started = performance.now();
    const wanted = this.within(batch);
    if (wanted.records.length > 0) await this.context.spans.replaying(wanted, () => this.consumer.handle(wanted, control));
    const last = batch.records.at(-1)!;
    await control.commit(String(BigInt(last.offset) + 1n));
    if (this.makesRoom && control.isOwned()) await pause(Math.min(LONGEST_REST_MS, (performance.now() - started) * (1 / this.share - 1)));
  }

  /** Partitions take turns. */
  private oneAtATime(work: () => Promise<void>): Promise<void> {
    const next = this.lastBatch.then(work);
    this.lastBatch = next.catch(() => undefined);
    return next;
  }

  /** While live events arrive, it works in small batches for a share of the time: at most their delay doubles. */
  private get makesRoom(): boolean {
    return !this.hurry && this.share < 1 && performance.now() - this.context.runs.lastLive <= LIVE_MS;
  }

  private get share(): number {
    return Math.max(this.generation.settings.share ?? DEFAULT_SHARE, 0.01);
  }

  private within(batch: PartitionBatch): PartitionBatch {
    const { range } = this.generation.settings;
    if (!range) return batch;
    const { from, to } = range[partitionName(batch)] ?? { from: '0', to: '0' };
    const records = batch.records.filter(({ offset }) => BigInt(offset) >= BigInt(from) && BigInt(offset) < BigInt(to));
    return { ...batch, records };
  }
}
