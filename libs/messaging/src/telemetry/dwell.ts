import type { BrokerRecord } from '../broker/broker.js';

/** When a batch of one partition was had, and what its reader was doing before. Milliseconds since the epoch. */
export interface Arrival {
  /** The batch was first offered to the handlers. */
  readonly takenAt: number;
  /** The batch before it was done with; `since` when there was none. */
  readonly freeAt: number;
  /** This process has read the partition since then. */
  readonly since: number;
}

/** How long a message was kept from its handler, by whom. In seconds; undefined where the message does not say. */
export interface Dwell {
  /** From its being written to its lying on the topic: the producer's outbox and relay. */
  readonly outbox: number | undefined;
  /** Lying on the topic while nobody read it. */
  readonly broker: number;
  /** Lying on the topic, or with the handlers, while they were busy with what came before it, or paused. */
  readonly queue: number;
}

/** `startedAt`: when its handler began. */
export function dwellOf({ timestamp, headers }: Pick<BrokerRecord, 'timestamp' | 'headers'>, arrival: Arrival, startedAt: number): Dwell {
  const { takenAt, freeAt, since } = arrival;
  const busy = Math.max(0, Math.min(freeAt, takenAt) - Math.max(timestamp, since));
  const written = headers.ce_time === undefined ? NaN : Date.parse(headers.ce_time);
  return {
    outbox: Number.isNaN(written) ? undefined : seconds(timestamp - written),
    broker: seconds(takenAt - timestamp - busy),
    queue: seconds(busy + startedAt - takenAt),
  };
}

/** Clocks of two machines differ: what would be less than no time is none. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1_000;
}

/** Remembers of every partition when its reader was busy. */
export class Arrivals {
  private readonly partitions = new Map<string, { since: number; freeAt: number; offset: string; offeredAt: number }>();

  /** A batch that begins with this offset is offered, for the first time or once more. */
  offered(place: string, offset: string, now: number = Date.now()): Arrival {
    let known = this.partitions.get(place);
    if (!known) this.partitions.set(place, (known = { since: now, freeAt: now, offset: '', offeredAt: now }));
    if (known.offset !== offset) {
      known.offset = offset;
      known.offeredAt = now;
    }
    return { takenAt: known.offeredAt, freeAt: known.freeAt, since: known.since };
  }

  done(place: string, now: number = Date.now()): void {
    const known = this.partitions.get(place);
    if (known) known.freeAt = now;
  }
}
