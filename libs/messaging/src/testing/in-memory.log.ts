import type { BrokerRecord, OutgoingRecord, TopicSpec } from '../broker/broker.js';
import type { Fetched, GroupMember, GroupView, LeasedLog, LeasedPartition, LogChange, TakenPartition } from '../broker/leased-log.js';
import { partitionOf } from '../broker/partitioner.js';
import { SEVEN_DAYS_MS } from '../broker/refusals.js';
import type { TopicAsFound } from '../broker/refusals.js';
import { EventingError } from '../eventing.error.js';

interface StoredPartition {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  readonly records: BrokerRecord[];
}

interface Lease {
  owner: string | null;
  epoch: bigint;
  committed: bigint | null;
}

interface Group {
  readonly members: Map<string, GroupMember & { expiresAt: number }>;
  readonly leases: Map<number, Lease>;
}

/** Plain objects in place of the embedded log's PostgreSQL. Brokers that share one belong to one cluster. */
export class InMemoryLog implements LeasedLog {
  private readonly topics = new Map<string, StoredPartition[]>();
  private readonly found = new Map<string, TopicAsFound>();
  private readonly partitions: StoredPartition[] = [];
  private readonly groups = new Map<string, Group>();
  private readonly listeners = new Set<(change: LogChange) => void>();

  createTopic({ name, partitions, cleanup = 'delete', retentionMs = SEVEN_DAYS_MS }: TopicSpec): void {
    const created = Array.from({ length: partitions }, (_, partition) => {
      const stored = { id: this.partitions.length, topic: name, partition, records: [] };
      this.partitions.push(stored);
      return stored;
    });
    this.topics.set(name, created);
    this.found.set(name, { partitions, cleanup, retentionMs });
  }

  topic(name: string): readonly StoredPartition[] | undefined {
    return this.topics.get(name);
  }

  describe(name: string): TopicAsFound | undefined {
    return this.found.get(name);
  }

  append(records: readonly OutgoingRecord[]): void {
    const touched = new Set<number>();
    for (const { topic, key, value, headers, partition: given } of records) {
      const partitions = this.topics.get(topic)!;
      const { id, partition, records: stored } = partitions[given ?? partitionOf(key, partitions.length)];
      stored.push({
        topic, partition,
        offset: String(stored.length),
        key: Buffer.from(key),
        value: value === null ? null : Buffer.from(value),
        headers: { ...headers },
        timestamp: Date.now(),
      });
      touched.add(id);
    }
    this.tell({ partitions: touched });
  }

  /** Removes every member of a group, as if none had renewed in time. They notice it as a paused process would. */
  expel(group: string): void {
    this.group(group).members.clear();
    this.tell({ group });
  }

  /** Expels a group and turns away the next two members who join it. Returns a counter of them. */
  reload(group: string): () => Promise<number> {
    let turnedAway = 0;
    const { members } = this.group(group);
    const set = members.set.bind(members);
    members.set = (id, member) => {
      if (turnedAway === 2) return set(id, member);
      turnedAway += 1;
      throw new EventingError('BROKER_UNAVAILABLE', 'the coordinator is loading');
    };
    this.expel(group);
    return async () => turnedAway;
  }

  /** Sets the offsets of a group. Does nothing while the group has members. */
  seek(group: string, partition: number, offset: bigint): void {
    if (this.group(group).members.size > 0) return;
    const lease = this.lease(group, partition);
    Object.assign(lease, { owner: null, epoch: lease.epoch + 1n, committed: offset });
  }

  /** Deletes the committed offsets of a group. Does nothing while the group has members. */
  forget(group: string): void {
    if (this.group(group).members.size === 0) this.groups.delete(group);
  }

  committed(group: string, partition: number): bigint | null {
    return this.group(group).leases.get(partition)?.committed ?? null;
  }

  async join(group: string, member: GroupMember, ttlMs: number): Promise<void> {
    this.group(group).members.set(member.id, { ...member, expiresAt: performance.now() + ttlMs });
    this.tell({ group });
  }

  async renew(group: string, member: string, ttlMs: number): Promise<boolean> {
    const { members } = this.group(group);
    const now = performance.now();
    for (const { id, expiresAt } of members.values()) if (expiresAt < now && id !== member) members.delete(id);
    const alive = members.get(member);
    if (alive) alive.expiresAt = now + ttlMs;
    return alive !== undefined;
  }

  async view(group: string): Promise<GroupView> {
    const members = [...this.group(group).members.values()];
    const topics = new Set(members.flatMap(({ topics }) => topics));
    const partitions = [...topics].flatMap((topic) => this.topics.get(topic) ?? []);
    return {
      members,
      partitions: partitions.map(({ id, topic, partition, records }) => {
        const { owner, epoch } = this.lease(group, id);
        return { id, topic, partition, owner, epoch, end: BigInt(records.length) };
      }),
    };
  }

  async take(group: string, member: string, wanted: readonly LeasedPartition[]): Promise<readonly TakenPartition[]> {
    return wanted.flatMap(({ id, owner, epoch }) => {
      const lease = this.lease(group, id);
      if (lease.owner !== owner || lease.epoch !== epoch) return [];
      lease.owner = member;
      lease.epoch++;
      return [{ id, epoch: lease.epoch, committed: lease.committed }];
    });
  }

  async release(group: string, member: string, partitions: readonly number[]): Promise<void> {
    for (const id of partitions) {
      const lease = this.lease(group, id);
      if (lease.owner === member) lease.owner = null;
    }
    this.tell({ group });
  }

  async leave(group: string, member: string): Promise<void> {
    const { members, leases } = this.group(group);
    members.delete(member);
    await this.release(group, member, [...leases.keys()]);
  }

  async commit(group: string, member: string, { id, epoch }: { id: number; epoch: bigint }, next: bigint): Promise<boolean> {
    const lease = this.lease(group, id);
    if (lease.owner !== member || lease.epoch !== epoch) return false;
    if (lease.committed === null || next > lease.committed) lease.committed = next;
    return true;
  }

  async fetch({ id }: LeasedPartition, from: bigint | undefined, limit: number): Promise<Fetched> {
    const { records } = this.partitions[id];
    const start = Number(from ?? 0n);
    return { earliest: 0n, end: BigInt(records.length), records: records.slice(start, start + limit), sparse: false };
  }

  onChange(listener: (change: LogChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(change: LogChange): void {
    for (const listener of this.listeners) listener(change);
  }

  private group(name: string): Group {
    let group = this.groups.get(name);
    if (!group) this.groups.set(name, (group = { members: new Map(), leases: new Map() }));
    return group;
  }

  private lease(group: string, partition: number): Lease {
    const { leases } = this.group(group);
    let lease = leases.get(partition);
    if (!lease) leases.set(partition, (lease = { owner: null, epoch: 0n, committed: null }));
    return lease;
  }
}
