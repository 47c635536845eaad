import { setTimeout as pause } from 'node:timers/promises';
import { Downtime, GroupConsumer, KeyByKey } from '@nestbox/consumer';
import type { ConsumerMetrics, Parking, Pauses } from '@nestbox/consumer';
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
import { placeName } from './replay-range.js';

/** How lately live events must have come in for the building to make room for them. */
const LIVE_MS = 1_000;
const DEFAULT_SHARE = 0.5;
const LONGEST_REST_MS = 2_000;
/** Records at a time while live events come in: whatever is done at once keeps them waiting. */
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

/** Records of which nobody can say which handler or key they are for are the live group's to park, which has met them. */
const PASS_OVER = { park: async () => undefined };

export function topicsOf({ methods }: RebuildableProjection): string[] {
  return [...new Set([...methods.values()].map(({ mark }) => mark.contract.topic))];
}

/** A later version is built by the group that it will live on in; anything else by one that is forgotten afterwards. */
export function groupOf(generation: Generation, handler: RebuildableProjection): string {
  return generation.kind === 'version' ? handler.group : inboxNameOf(generation).replace('@', '.');
}

/** Where a group stands, as to what it has to do. */
export async function standing(broker: Broker, generation: Generation, handler: RebuildableProjection): Promise<PartitionLag[]> {
  const lags = await broker.lag(groupOf(generation, handler), topicsOf(handler));
  const { range } = generation.settings;
  return lags.map((lag) => {
    if (!range) return lag;
    const { from = '0', to = '0' } = range[placeName(lag)] ?? {};
    const left = from === to ? 0n : BigInt(to) - BigInt(lag.committed ?? from);
    return { ...lag, end: to, lag: Number(left > 0n ? left : 0n) };
  });
}

const PATIENCE = 3;

/** A group that is joined, or joined anew, is in trouble for no longer. */
const PASSING_MS = 30_000;

/** What fails is parked at once: nothing waits for it but the building, and nobody would try it again by himself. */
function builderOf(handler: RebuildableProjection, generation: Generation): RebuildableProjection {
  const methods = [...handler.methods].map(([type, method]) => {
    const policy = { ...method.policy, attempts: PATIENCE, inPlace: PATIENCE };
    return [type, { ...method, policy }] as const;
  });
  return { ...handler, id: inboxNameOf(generation), methods: new Map(methods) };
}

/** This process's share in building one generation: a member of its group, until it is stopped. */
export class RebuildWorker {
  /** No rests any more: the end is in sight, and live events wait for it. */
  hurry = false;
  private readonly consumer: GroupConsumer;
  private subscription: Subscription | undefined;
  private starting: Promise<void> = Promise.resolve();
  private startProblem: string | undefined;
  private stopped = false;
  private lastTurn: Promise<void> = Promise.resolve();
  private readonly downtime = new Downtime();

  constructor(
    private readonly generation: Generation,
    private readonly handler: RebuildableProjection,
    private readonly workshop: RebuildContext,
  ) {
    const { runs, parking, crashPoints, metrics, spans, pauses, reader } = workshop;
    const lane = runs.staged(generation, new KeyByKey(parking, metrics, spans, 8));
    const never = () => Promise.reject(new Error('A reaction is never replayed.'));
    const builder = builderOf(handler, generation);
    const lanes = { projection: lane, reaction: never };
    this.consumer = new GroupConsumer(groupOf(generation, handler), [builder], lanes, PASS_OVER, crashPoints, pauses, reader);
  }

  start(): void {
    this.starting = this.begin().catch((error: Error) => {
      this.startProblem = error.message;
    });
  }

  problem(): string | undefined {
    return this.startProblem ?? this.lastingProblem();
  }

  /** It could not even begin. */
  get hasFailed(): boolean {
    return this.startProblem !== undefined;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.consumer.stop();
    await this.starting;
    await this.subscription?.stop();
  }

  /** What only an operator can mend, or what has not passed by itself: joining a group has. */
  private lastingProblem(): string | undefined {
    const problem = this.subscription?.problem();
    const lasts = this.downtime.note(problem) > PASSING_MS || this.subscription?.waitsForOperator?.();
    return lasts ? problem : undefined;
  }

  private async begin(): Promise<void> {
    const { group, topics } = this.consumer;
    const { generation, handler, workshop } = this;
    const mayGoOn = () => !this.stopped;
    if (isFromStates(handler) && generation.kind === 'rebuild') {
      await workshop.bootstraps.settle(handler, { group, generation, mayGoOn });
    }
    if (mayGoOn()) this.subscription = await workshop.broker.subscribe({ group, topics, handler: this.handle });
  }

  private readonly handle: BatchHandler = async (batch, control) => {
    for (let done = 0; done < batch.records.length && control.isOwned(); ) {
      const { makesRoom } = this;
      const records = batch.records.slice(done, makesRoom ? done + SMALL_BATCH : undefined);
      const build = () => this.build({ ...batch, records }, control);
      await (makesRoom ? this.inTurn(build) : build());
      done += records.length;
    }
  };

  private async build(batch: PartitionBatch, control: BatchControl): Promise<void> {
    const started = performance.now();
    const wanted = this.within(batch);
    if (wanted.records.length > 0) await this.workshop.spans.replaying(wanted, () => this.consumer.handle(wanted, control));
    const last = batch.records.at(-1)!;
    await control.commit(String(BigInt(last.offset) + 1n));
    if (this.makesRoom && control.isOwned()) await pause(Math.min(LONGEST_REST_MS, (performance.now() - started) * (1 / this.share - 1)));
  }

  /** One partition after the other. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.lastTurn.then(work);
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }

  /** While live events come in, only a share of the time is worked, a little at a time: their delay may double, not more. */
  private get makesRoom(): boolean {
    return !this.hurry && this.share < 1 && performance.now() - this.workshop.runs.lastLive <= LIVE_MS;
  }

  private get share(): number {
    return Math.max(this.generation.settings.share ?? DEFAULT_SHARE, 0.01);
  }

  private within(batch: PartitionBatch): PartitionBatch {
    const { range } = this.generation.settings;
    if (!range) return batch;
    const { from, to } = range[placeName(batch)] ?? { from: '0', to: '0' };
    const records = batch.records.filter(({ offset }) => BigInt(offset) >= BigInt(from) && BigInt(offset) < BigInt(to));
    return { ...batch, records };
  }
}
