import type { LogChange } from '@nestbox/messaging';
import type { LogPool } from './log-pool.js';
import { NOTIFY } from './records.sql.js';

/** Minimum time between two notifications of one process: under load, one covers many publishes. */
const MIN_GAP_MS = 5;
/** PostgreSQL limits a NOTIFY payload to 8 000 bytes. */
const MAX_PAYLOAD = 7_000;

interface Payload {
  readonly partitions?: readonly number[] | 'all';
  readonly groups?: readonly string[];
}

/**
 * Signals changes to subscribers: in this process directly, in others through NOTIFY. NOTIFY is sent after the append's commit,
 * never inside its transaction, because it serialises commits. A lost signal delays readers by at most one polling interval.
 */
export class ChangeNotifier {
  private readonly listeners = new Set<(change: LogChange) => void>();
  private partitions = new Set<number>();
  private groups = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private lastSent = 0;
  private sending = false;

  constructor(private readonly pool: LogPool) {}

  onChange(listener: (change: LogChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  announcePartitions(grown: ReadonlySet<number>): void {
    for (const id of grown) this.partitions.add(id);
    this.tell({ partitions: grown });
    this.schedule();
  }

  announceGroup(group: string): void {
    this.groups.add(group);
    this.tell({ group });
    this.schedule();
  }

  /** Handles the announcement of another process. */
  heard(payload: string): void {
    const { partitions, groups = [] } = parse(payload);
    if (partitions) this.tell({ partitions: partitions === 'all' ? 'all' : new Set(partitions) });
    for (const group of groups) this.tell({ group });
  }

  /** The connection was down: signals may have been lost. */
  missed(): void {
    this.tell({ partitions: 'all' });
  }

  /** Sends pending announcements. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.send();
  }

  private tell(change: LogChange): void {
    for (const listener of this.listeners) listener(change);
  }

  private schedule(): void {
    if (this.timer || this.sending) return;
    const wait = Math.max(0, this.lastSent + MIN_GAP_MS - performance.now());
    if (wait === 0) void this.send();
    else this.timer = setTimeout(() => void this.send(), wait);
  }

  private async send(): Promise<void> {
    this.timer = undefined;
    const payload = this.payload();
    if (payload === undefined) return;
    this.sending = true;
    await this.pool.run(NOTIFY, [payload]).catch(() => undefined);
    this.sending = false;
    this.lastSent = performance.now();
    if (this.partitions.size + this.groups.size > 0) this.schedule();
  }

  private payload(): string | undefined {
    if (this.partitions.size + this.groups.size === 0) return undefined;
    const full: Payload = { partitions: [...this.partitions], groups: [...this.groups] };
    this.partitions = new Set();
    this.groups = new Set();
    const text = JSON.stringify(full);
    return text.length < MAX_PAYLOAD ? text : JSON.stringify({ partitions: 'all' } satisfies Payload);
  }
}

/** Anybody may NOTIFY: an unreadable payload only means that something may have changed. */
function parse(payload: string): Payload {
  try {
    return JSON.parse(payload) as Payload;
  } catch {
    return { partitions: 'all' };
  }
}
