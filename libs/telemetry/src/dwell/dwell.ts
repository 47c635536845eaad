/** When a batch arrived and when its reader became free. Milliseconds since the epoch. */
export interface Arrival {
  /** When the batch was first offered to the handlers. */
  readonly takenAt: number;
  /** When the previous batch was done; `since` for the first batch. */
  readonly freeAt: number;
  /** When this process began to read the partition. */
  readonly since: number;
}

/** How long a message waited for its handler, and where. In seconds. */
export interface Dwell {
  /** In the producer's outbox and relay; undefined when the message does not say when it was written. */
  readonly outbox: number | undefined;
  /** On the topic, not yet read. */
  readonly broker: number;
  /** Behind earlier messages, or behind a pause, of its consumer. */
  readonly queue: number;
}

/** As much of a broker's record as is needed to measure it. `timestamp`: ms since the epoch, when it reached the broker. */
export interface TimedRecord {
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** `startedAt`: when the handler began. */
export function dwellOf({ timestamp, headers }: TimedRecord, arrival: Arrival, startedAt: number): Dwell {
  const { takenAt, freeAt, since } = arrival;
  const busy = Math.max(0, Math.min(freeAt, takenAt) - Math.max(timestamp, since));
  const written = headers.ce_time === undefined ? NaN : Date.parse(headers.ce_time);
  return {
    outbox: Number.isNaN(written) ? undefined : seconds(timestamp - written),
    broker: seconds(takenAt - timestamp - busy),
    queue: seconds(busy + startedAt - takenAt),
  };
}

/** Never negative: clocks of two machines differ. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1_000;
}

/** Records when the reader of each partition was busy. */
export class Arrivals {
  private readonly partitions = new Map<string, { since: number; freeAt: number; offset: string; offeredAt: number }>();

  /** Call it when a batch that starts at this offset is offered; also for a repeated one. */
  offered(partition: string, offset: string, now: number = Date.now()): Arrival {
    let known = this.partitions.get(partition);
    if (!known) this.partitions.set(partition, (known = { since: now, freeAt: now, offset: '', offeredAt: now }));
    if (known.offset !== offset) {
      known.offset = offset;
      known.offeredAt = now;
    }
    return { takenAt: known.offeredAt, freeAt: known.freeAt, since: known.since };
  }

  done(partition: string, now: number = Date.now()): void {
    const known = this.partitions.get(partition);
    if (known) known.freeAt = now;
  }
}
