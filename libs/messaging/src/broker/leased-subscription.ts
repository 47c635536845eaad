import { randomUUID } from 'node:crypto';
import { backOff, RECONNECT, Sleeper } from '@nestbox/kernel';
import { EventingError } from '../eventing.error.js';
import type { BrokerLog } from './broker-log.js';
import type { SubscribeOptions, Subscription, TopicPartition } from './broker.js';
import { assign } from './leased-log.js';
import type { GroupView, LeasedLog, LeasedPartition, LogChange } from './leased-log.js';
import { LeasedPartitions } from './leased-partitions.js';
import { isOfDeadProcess, processMark } from './process-mark.js';

const JOINING = 'joining the group';
const DEFAULT_SESSION_MS = 30_000;
/** How late a record is noticed when its notification was lost. */
const POLL_MS = 500;
/** Share of the lease after which this member stops trusting it: clocks of two machines differ in speed. */
const TRUST = 0.9;

/** A member of a consumer group on a LeasedLog. Renews its membership, takes and gives back partitions. */
export class LeasedSubscription implements Subscription {
  private member = '';
  private trustedUntil = 0;
  private fault: string | undefined = JOINING;
  private failures = 0;
  private stopping: Promise<void> | undefined;
  private ended = false;
  private hurry = false;
  private readonly pause = new Sleeper();
  private readonly sessionMs: number;
  private readonly partitions: LeasedPartitions;
  private readonly finished: Promise<void>;
  private readonly unlisten: () => void;
  private readonly watchdog: NodeJS.Timeout;

  constructor(
    private readonly log: LeasedLog,
    private readonly options: SubscribeOptions,
    private readonly report: BrokerLog,
  ) {
    this.sessionMs = options.sessionTimeoutMs ?? DEFAULT_SESSION_MS;
    this.partitions = new LeasedPartitions(log, options, {
      isTrusted: () => performance.now() < this.trustedUntil,
      onChange: () => this.nudge(),
      report,
    });
    this.unlisten = log.onChange((change) => this.noticed(change));
    this.watchdog = setInterval(() => this.checkTrust(), Math.max(50, this.sessionMs / 20));
    this.finished = this.run();
  }

  assigned(): readonly TopicPartition[] {
    return this.partitions.assigned();
  }

  problem(): string | undefined {
    return this.fault ?? this.partitions.problem();
  }

  waitsForOperator(): boolean {
    return this.partitions.problem() !== undefined;
  }

  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  private async shutDown(): Promise<void> {
    this.fault = 'stopped';
    // The membership is renewed until the last handler is done, so a slow handler does not lose its partition.
    await this.partitions.drainAll();
    this.ended = true;
    this.nudge();
    await this.finished;
    this.unlisten();
    clearInterval(this.watchdog);
  }

  private async run(): Promise<void> {
    while (!this.ended) {
      this.hurry = false;
      try {
        await this.beat();
        this.failures = 0;
      } catch (error) {
        this.failed(error);
      }
      if (this.ended || (this.hurry && this.failures === 0)) continue;
      await this.pause.sleep(this.failures > 0 ? backOff(this.failures - 1, RECONNECT) : Math.min(POLL_MS, this.sessionMs / 6));
    }
    if (this.member !== '') await this.log.leave(this.options.group, this.member).catch(() => undefined);
  }

  private async beat(): Promise<void> {
    await this.renew();
    if (this.stopping && this.member === '') return;
    const view = await this.log.view(this.options.group);
    const { member } = this;
    if (!view.members.some(({ id }) => id === member)) return this.join();
    await this.buryTheDead(view);
    this.partitions.keepOnly(view.partitions.filter(({ owner }) => owner === member));
    if (this.stopping) return;
    const mine = assign(view.members, view.partitions).get(member) ?? [];
    this.partitions.giveUpAllBut(member, mine);
    await this.partitions.take(member, takeable(mine, view, member));
    this.partitions.catchUp(view.partitions);
    if (!this.stopping) this.fault = missingTopics(this.options.topics, view) ?? this.whyIdle(mine);
  }

  /** Nobody waits for the session of a member whose process has ended on this host. Each leave makes the group look again. */
  private async buryTheDead({ members }: GroupView): Promise<void> {
    const dead = members.filter(({ id }) => isOfDeadProcess(id));
    await Promise.all(dead.map(({ id }) => this.log.leave(this.options.group, id)));
  }

  /** Partitions are due, and their last owners still have them all. */
  private whyIdle(mine: readonly LeasedPartition[]): string | undefined {
    return mine.length > 0 && this.assigned().length === 0 ? JOINING : undefined;
  }

  private async renew(): Promise<void> {
    const before = performance.now();
    if (this.member === '') return this.stopping ? undefined : this.join();
    if (this.trustedUntil - before > this.sessionMs * (TRUST - 0.15)) return;
    if (!(await this.log.renew(this.options.group, this.member, this.sessionMs))) return this.join();
    // Counted from before the call: the lease may have started at any moment since then.
    this.trustedUntil = before + this.sessionMs * TRUST;
  }

  /**
   * Joins under a new id. First waits for handlers that outlived the old lease: the new member could be assigned their
   * partitions, but could not run them, and no other member would get them.
   */
  private async join(): Promise<void> {
    this.partitions.loseAll();
    this.member = '';
    if (this.partitions.isBusy) throw new EventingError('LEASE_LOST', 'waiting for handlers of a lost session to end');
    const member = randomUUID() + processMark();
    const before = performance.now();
    await this.log.join(this.options.group, { id: member, topics: this.options.topics }, this.sessionMs);
    this.member = member;
    this.trustedUntil = before + this.sessionMs * TRUST;
    this.hurry = true;
  }

  private failed(error: unknown): void {
    this.failures++;
    if (this.stopping) return;
    const fault = error instanceof Error ? error.message : String(error);
    if (fault !== this.fault) this.report(`Group ${this.options.group}: ${fault}`, error);
    this.fault = fault;
  }

  private checkTrust(): void {
    if (performance.now() >= this.trustedUntil) this.partitions.loseAll();
  }

  private noticed(change: LogChange): void {
    if ('partitions' in change) this.partitions.pump(change.partitions);
    else if (change.group === this.options.group) this.nudge();
  }

  private nudge(): void {
    this.hurry = true;
    this.pause.wake();
  }
}

function takeable(mine: readonly LeasedPartition[], { members }: GroupView, member: string): LeasedPartition[] {
  const alive = new Set(members.map(({ id }) => id));
  return mine.filter(({ owner }) => owner === null || owner === member || !alive.has(owner));
}

function missingTopics(topics: readonly string[], { partitions }: GroupView): string | undefined {
  const missing = topics.filter((topic) => !partitions.some((partition) => partition.topic === topic));
  return missing.length > 0 ? `topics missing on the broker: ${missing.join(', ')}` : undefined;
}
