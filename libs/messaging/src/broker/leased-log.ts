import type { BrokerRecord, PartitionLag, TopicPartition } from './broker.js';

export interface GroupMember {
  readonly id: string;
  readonly topics: readonly string[];
}

export interface LeasedPartition extends TopicPartition {
  readonly id: number;
  /** The member that owns the partition; null when none does. An owner that is not among the members is dead. */
  readonly owner: string | null;
  /** Grows by one at each change of owner. */
  readonly epoch: bigint;
  /** Offset of the next record to be appended. */
  readonly end: bigint;
}

export interface GroupView {
  readonly members: readonly GroupMember[];
  readonly partitions: readonly LeasedPartition[];
}

export interface TakenPartition {
  readonly id: number;
  readonly epoch: bigint;
  /** Null when the group never committed. */
  readonly committed: bigint | null;
}

export interface Bounds {
  readonly earliest: bigint;
  readonly end: bigint;
}

/** Bounds and records of one consistent read. */
export interface Fetched extends Bounds {
  readonly records: readonly BrokerRecord[];
  /** The topic is compacted: gaps between offsets are normal and mean no loss. */
  readonly sparse: boolean;
}

/**
 * PORT: a log that leases its partitions to the members of a group. Leases are conditional writes to one store
 * (PostgreSQL, or plain objects in tests). Guarantees:
 * - A member that `renew` reported dead stays dead: it must join under a new id.
 * - `take` succeeds only for partitions that still are as the view showed them; it raises the epoch.
 * - `commit` succeeds only for the owner at that epoch and never moves backwards.
 */
export interface LeasedLog {
  /** A member that does not renew for `ttlMs` counts as dead. */
  join(group: string, member: GroupMember, ttlMs: number): Promise<void>;
  /** Also removes dead members. False: this member is one of them. */
  renew(group: string, member: string, ttlMs: number): Promise<boolean>;
  /** Every member, and the partitions of every topic that a member reads: members must see the same to agree. */
  view(group: string): Promise<GroupView>;
  take(group: string, member: string, partitions: readonly LeasedPartition[]): Promise<readonly TakenPartition[]>;
  release(group: string, member: string, partitions: readonly number[]): Promise<void>;
  leave(group: string, member: string): Promise<void>;
  commit(group: string, member: string, partition: { id: number; epoch: bigint }, nextOffset: bigint): Promise<boolean>;
  /** Records at `from` and above; without `from`, from the earliest. Limited by count and by bytes. */
  fetch(partition: LeasedPartition, from: bigint | undefined, limit: number): Promise<Fetched>;
  /** Reports partitions that may have new records, and groups that may have changed. Returns how to stop listening. */
  onChange(listener: (change: LogChange) => void): () => void;
}

export type LogChange = { readonly partitions: ReadonlySet<number> | 'all' } | { readonly group: string };

/**
 * Which partitions each member should own. Every member computes this from the same rows and gets the same answer. Each
 * partition goes to the member that has the fewest in the whole group, so many one-partition topics are spread evenly.
 */
export function assign<P extends TopicPartition>(members: readonly GroupMember[], partitions: readonly P[]): Map<string, P[]> {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const owned = new Map<string, P[]>(sorted.map(({ id }) => [id, []]));
  for (const partition of [...partitions].sort(byTopicAndPartition)) {
    const readers = sorted.filter(({ topics }) => topics.includes(partition.topic));
    const fewest = readers.reduce<GroupMember | undefined>(
      (best, reader) => (best && owned.get(best.id)!.length <= owned.get(reader.id)!.length ? best : reader),
      undefined,
    );
    if (fewest) owned.get(fewest.id)!.push(partition);
  }
  return owned;
}

function byTopicAndPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
}

/** A group that never committed starts at the earliest record. */
export function partitionLag({ topic, partition }: TopicPartition, committed: bigint | null, { earliest, end }: Bounds): PartitionLag {
  const next = committed ?? earliest;
  const lag = Number(end > next ? end - next : 0n);
  return { topic, partition, committed: committed?.toString() ?? null, end: end.toString(), lag };
}
