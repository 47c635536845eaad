import type { GroupMember } from './assignment.js';
import type { BrokerRecord } from './broker.js';

export interface LeasedPartition {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  /** Member that owns it; null when nobody does. It may be dead: then it is not among the members. */
  readonly owner: string | null;
  /** One higher at each change of owner. */
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

/** One look at the log: bounds and records belong together. */
export interface Fetched extends Bounds {
  readonly records: readonly BrokerRecord[];
  /** Compacted: offsets between them may be missing without anything being lost. */
  readonly sparse: boolean;
}

/**
 * PORT: a log whose partitions are leased to the members of a group by conditional writes to one store (PostgreSQL, or
 * plain objects in tests). Guarantees:
 * - A member that `renew` has called dead stays dead: it must join under a new id.
 * - `take` succeeds only for partitions still as the view showed them; it raises the epoch.
 * - `commit` succeeds only for the owner at that epoch and never moves backwards.
 */
export interface LeasedLog {
  /** Members who miss renewing for `ttlMs` are taken for dead. */
  join(group: string, member: GroupMember, ttlMs: number): Promise<void>;
  /** Also buries the dead. False: this member is among them. */
  renew(group: string, member: string, ttlMs: number): Promise<boolean>;
  /** Every member and the partitions of every topic that one of them reads: all must see the same to agree. */
  view(group: string): Promise<GroupView>;
  take(group: string, member: string, partitions: readonly LeasedPartition[]): Promise<readonly TakenPartition[]>;
  release(group: string, member: string, partitions: readonly number[]): Promise<void>;
  leave(group: string, member: string): Promise<void>;
  commit(group: string, member: string, partition: { id: number; epoch: bigint }, nextOffset: bigint): Promise<boolean>;
  /** Records at `from` and above; without `from`, the earliest. Bounded by count and by bytes. */
  fetch(partition: LeasedPartition, from: bigint | undefined, limit: number): Promise<Fetched>;
  /** Calls back when a partition may have new records, or (no argument) when groups may have changed. */
  onChange(listener: (change: LogChange) => void): () => void;
}

export type LogChange = { readonly partitions: ReadonlySet<number> | 'all' } | { readonly group: string };
