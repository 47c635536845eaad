import { EventingError } from '@nestbox/messaging';
import type { BrokerRecord, Fetched, GroupMember, GroupView, LeasedLog, LeasedPartition, LogChange, TakenPartition } from '@nestbox/messaging';
import { COMMIT, JOIN, LEAVE, RELEASE, RENEW, TAKE, VIEW } from './groups.sql.js';
import type { LogPool } from './log-pool.js';
import { FETCH } from './records.sql.js';
import type { ChangeNotifier } from './change-notifier.js';

/** Limit of one fetch, which always returns at least one record. */
const MAX_FETCH_BYTES = 4 * 1024 * 1024;
const READ_AT_ONCE = 1_000;

type PartitionRef = Pick<LeasedPartition, 'id' | 'topic' | 'partition'>;

type ViewRow = [number, string, number, string, string | null, string | null];
type FetchRow = [string, string, string | null, Buffer | null, Buffer | null, string, string, boolean];

/** The log and its groups in PostgreSQL. */
export class StoredLog implements LeasedLog {
  constructor(
    private readonly pool: LogPool,
    private readonly notifier: ChangeNotifier,
  ) {}

  async join(group: string, { id, topics }: GroupMember, ttlMs: number): Promise<void> {
    await this.pool.run(JOIN, [group, id, topics, ttlMs]);
    this.notifier.announceGroup(group);
  }

  async renew(group: string, member: string, ttlMs: number): Promise<boolean> {
    return (await this.pool.run(RENEW, [group, member, ttlMs])).count === 1;
  }

  async view(group: string): Promise<GroupView> {
    const { rows } = await this.pool.run(VIEW, [group]);
    const [members, partitions] = rows[0] as [GroupMember[] | null, ViewRow[] | null];
    return {
      members: members ?? [],
      partitions: (partitions ?? []).map(([id, topic, partition, end, owner, epoch]) => ({
        id, topic, partition, owner, end: BigInt(end), epoch: BigInt(epoch ?? 0),
      })),
    };
  }

  async take(group: string, member: string, wanted: readonly LeasedPartition[]): Promise<readonly TakenPartition[]> {
    const ids = wanted.map(({ id }) => id);
    const { rows } = await this.pool.run(TAKE, [group, member, ids, wanted.map(({ epoch }) => epoch.toString())]);
    return (rows as [number, string, string | null][]).map(([id, epoch, committed]) => ({
      id, epoch: BigInt(epoch), committed: committed === null ? null : BigInt(committed),
    }));
  }

  async release(group: string, member: string, partitions: readonly number[]): Promise<void> {
    await this.pool.run(RELEASE, [group, member, partitions]);
    this.notifier.announceGroup(group);
  }

  async leave(group: string, member: string): Promise<void> {
    await this.pool.run(LEAVE, [group, member]);
    this.notifier.announceGroup(group);
  }

  async commit(group: string, member: string, { id, epoch }: { id: number; epoch: bigint }, next: bigint): Promise<boolean> {
    const values = [group, id, member, epoch.toString(), next.toString()];
    return (await this.pool.run(COMMIT, values)).count === 1;
  }

  /** Reads up to the end as of the first fetch. */
  async readToEnd(partition: PartitionRef, from: bigint, take: (records: readonly BrokerRecord[]) => void): Promise<void> {
    for (let next = from, last: bigint | undefined; last === undefined || next < last; ) {
      const { records, end } = await this.fetch(partition, next, READ_AT_ONCE);
      last ??= end;
      if (records.length === 0) return;
      take(records.filter(({ offset }) => BigInt(offset) < last!));
      next = BigInt(records.at(-1)!.offset) + 1n;
    }
  }

  async fetch({ id, topic, partition }: PartitionRef, from: bigint | undefined, limit: number): Promise<Fetched> {
    const { rows } = await this.pool.run(FETCH, [id, from?.toString() ?? null, limit, MAX_FETCH_BYTES]);
    if (rows.length === 0) throw new EventingError('BROKER_UNAVAILABLE', `${topic}[${partition}] is gone from the log.`);
    const [[earliest, end, first, , , , , sparse]] = rows as FetchRow[];
    const records = first === null ? [] : (rows as FetchRow[]).map((row) => toRecord(topic, partition, row));
    return { earliest: BigInt(earliest), end: BigInt(end), records, sparse };
  }

  onChange(listener: (change: LogChange) => void): () => void {
    return this.notifier.onChange(listener);
  }
}

function toRecord(topic: string, partition: number, row: FetchRow): BrokerRecord {
  const [, , offset, key, value, headers, timestamp] = row;
  return {
    topic, partition, offset: offset!, key, value,
    headers: JSON.parse(headers) as Record<string, string>,
    timestamp: Number(timestamp),
  };
}
