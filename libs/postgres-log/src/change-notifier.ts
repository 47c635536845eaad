import type { LogChange } from '@nestbox/messaging';
import type { LogPool } from './log-pool.js';
import { NOTIFY } from './records.sql.js';

/** Two notifications of one process are at least this far apart: under load one tells of many publishes. */
const MIN_GAP_MS = 5;
/** PostgreSQL takes payloads below 8 000 bytes. */
const MAX_PAYLOAD = 7_000;

interface Payload {
  readonly partitions?: readonly number[] | 'all';
  readonly groups?: readonly string[];
}

/**
 * Tells subscribers, in this process at once and in others through NOTIFY, that there is something to look at. It is
 * sent after the append has committed and never inside it: NOTIFY serialises commits. A lost one costs at most one
 * polling interval.
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

  /** What another process announced. */
  heard(payload: string): void {
    const { partitions, groups = [] } = parse(payload);
    if (partitions) this.tell({ partitions: partitions === 'all' ? 'all' : new Set(partitions) });
    for (const group of groups) this.tell({ group });
  }

  /** The connection was down: anything may have happened. */
  missed(): void {
    this.tell({ partitions: 'all' });
  }

  /** Sends what is still waiting. */
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

/** Anybody may NOTIFY: what does not parse means no more than "look". */
function parse(payload: string): Payload {
  try {
    return JSON.parse(payload) as Payload;
  } catch {
    return { partitions: 'all' };
  }
}
