import { Semaphore } from '@nestbox/kernel';
import { EventingError } from '../eventing.error.js';
import type { BrokerLog } from './broker-log.js';
import type { SubscribeOptions, TopicPartition } from './broker.js';
import type { LeasedLog, LeasedPartition } from './leased-log.js';
import { PartitionReader } from './partition-reader.js';
import { PartitionRunner } from './partition-runner.js';

interface Owned {
  readonly lease: LeasedPartition;
  readonly runner: PartitionRunner;
  readonly reader: PartitionReader;
  /** Set when the partition is being given up. Resolves when its last handler is done. */
  closing?: Promise<void>;
}

interface Membership {
  readonly isTrusted: () => boolean;
  /** The ownership of a partition has changed: look at the group again now. */
  readonly onChange: () => void;
  readonly report: BrokerLog;
}

/** The partitions that this member owns. Each has a reader and a runner. */
export class LeasedPartitions {
  private readonly owned = new Map<number, Owned>();
  private readonly slots: Semaphore;
  private closed = false;

  constructor(
    private readonly log: LeasedLog,
    private readonly options: SubscribeOptions,
    private readonly membership: Membership,
  ) {
    this.slots = new Semaphore(options.concurrency ?? 4);
  }

  assigned(): TopicPartition[] {
    return [...this.owned.values()]
      .filter(({ closing, runner }) => !closing && !runner.isLost)
      .map(({ lease }) => ({ topic: lease.topic, partition: lease.partition }));
  }

  /** True while a handler may still be running, also for a partition that was lost. */
  get isBusy(): boolean {
    return this.owned.size > 0;
  }

  problem(): string | undefined {
    for (const { reader } of this.owned.values()) if (reader.problem) return reader.problem;
    return undefined;
  }

  /** Loses every partition that `leases`, as read from the broker, does not show as ours at our epoch. */
  keepOnly(leases: readonly LeasedPartition[]): void {
    const epochs = new Map(leases.map(({ id, epoch }) => [id, epoch]));
    for (const owned of this.owned.values()) {
      if (epochs.get(owned.lease.id) !== owned.lease.epoch) this.lose(owned);
    }
  }

  loseAll(): void {
    for (const owned of this.owned.values()) this.lose(owned);
  }

  /** Gives back all partitions that are not in `leases`, each after its running batch. Does not wait for that. */
  giveUpAllBut(member: string, leases: readonly LeasedPartition[]): void {
    const keep = new Set(leases.map(({ id }) => id));
    for (const owned of this.owned.values()) {
      if (keep.has(owned.lease.id) || owned.closing) continue;
      owned.closing = this.giveUp(member, owned);
    }
  }

  async take(member: string, leases: readonly LeasedPartition[]): Promise<void> {
    const free = leases.filter(({ id }) => !this.owned.has(id));
    if (free.length === 0) return;
    const taken = new Map((await this.log.take(this.options.group, member, free)).map((lease) => [lease.id, lease]));
    for (const lease of free) {
      const { epoch, committed } = taken.get(lease.id) ?? {};
      if (epoch !== undefined && !this.closed) this.open(member, { ...lease, owner: member, epoch }, committed ?? null);
    }
  }

  pump(partitions: ReadonlySet<number> | 'all'): void {
    for (const { lease, reader } of this.owned.values()) {
      if (partitions === 'all' || partitions.has(lease.id)) reader.pump();
    }
  }

  /** Reads on where the view shows unread records. Needed when a notification was lost. */
  catchUp(view: readonly LeasedPartition[]): void {
    for (const { id, end } of view) {
      const reader = this.owned.get(id)?.reader;
      if (reader?.isBehind(end)) reader.pump();
    }
  }

  /** Final: no partition is taken after this. */
  async drainAll(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.owned.values()].map(({ runner, reader, closing }) => {
      reader.close();
      return closing ?? runner.drain();
    }));
  }

  private open(member: string, lease: LeasedPartition, committed: bigint | null): void {
    const { handler, maxBatch = 500, group } = this.options;
    const { report } = this.membership;
    const { id, epoch, topic, partition } = lease;
    const runner = new PartitionRunner({
      topic, partition, handler, maxBatch,
      slots: this.slots,
      isTrusted: this.membership.isTrusted,
      commit: async (nextOffset) => {
        if (!(await this.log.commit(group, member, { id, epoch }, nextOffset))) throw lost(lease);
      },
      // The subscription renews its lease by itself. The heartbeat only checks that the handler may go on.
      heartbeat: async () => {
        if (!this.membership.isTrusted()) throw lost(lease);
      },
      onSpace: () => reader.pump(),
      onFailure: (error) => report(`${group}: a handler of ${topic}[${partition}] failed, trying again`, error),
    });
    const reader = new PartitionReader(this.log, lease, committed, runner, maxBatch);
    this.owned.set(id, { lease, runner, reader });
    reader.pump();
  }

  private lose(owned: Owned): void {
    owned.runner.lose();
    owned.reader.close();
    owned.closing ??= this.forgetWhenDone(owned);
  }

  private async giveUp(member: string, owned: Owned): Promise<void> {
    await this.forgetWhenDone(owned, () => this.log.release(this.options.group, member, [owned.lease.id]));
  }

  /** The partition stays in the map until its handler is done, so it never runs twice at once in this process. */
  private async forgetWhenDone(owned: Owned, release?: () => Promise<void>): Promise<void> {
    owned.reader.close();
    await owned.runner.drain();
    if (!owned.runner.isLost) await release?.().catch((error) => this.membership.report('A lease could not be released', error));
    this.owned.delete(owned.lease.id);
    this.membership.onChange();
  }
}

function lost({ topic, partition }: LeasedPartition): EventingError {
  return new EventingError('PARTITION_LOST', `${topic}[${partition}] now belongs to another member.`);
}
