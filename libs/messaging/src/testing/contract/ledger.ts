import { setImmediate as turn } from 'node:timers/promises';
import type { BatchHandler, BrokerRecord } from '../../broker/broker.js';

/** Records what handlers get, and whether one partition was ever handled twice at once. */
export class Ledger {
  readonly records: BrokerRecord[] = [];
  readonly overlaps: string[] = [];
  private readonly running = new Set<string>();

  values(): string[] {
    return this.records.map(({ value }) => String(value));
  }

  of(key: string): string[] {
    return this.records.filter((record) => String(record.key) === key).map(({ value }) => String(value));
  }

  /** A handler that takes a few turns of the event loop, records everything and commits it. */
  keep(onBatch: (records: readonly BrokerRecord[]) => unknown = () => undefined): BatchHandler {
    return async ({ topic, partition, records }, control) => {
      const place = `${topic}[${partition}]`;
      if (this.running.has(place)) this.overlaps.push(place);
      this.running.add(place);
      try {
        for (let i = 0; i < 3; i++) await turn();
        await onBatch(records);
        this.records.push(...records);
      } finally {
        this.running.delete(place);
      }
      await control.commit(after(records));
    };
  }
}

/** The offset to commit when all `records` are done. */
export function after(records: readonly BrokerRecord[]): string {
  return (BigInt(records[records.length - 1].offset) + 1n).toString();
}
