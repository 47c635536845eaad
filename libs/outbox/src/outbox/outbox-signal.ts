import { EventEmitter } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export const OUTBOX_CHANNEL = 'nestbox_outbox';
/** At least this many ms between two NOTIFYs: NOTIFY takes a lock that serialises commits, so it must stay rare. */
const NOTIFY_GAP_MS = 5;

/**
 * Wakes relays when rows are committed: the relay in this process at once, others with a NOTIFY. Notifications are coalesced
 * and sent outside the business transaction. A lost one does no harm, because relays also poll.
 */
@Injectable()
export class OutboxSignal {
  private readonly local = new EventEmitter();
  private notifying = false;
  private again = false;
  /** Set by the relay of this process while it holds every lease: no other relay has to be woken then. */
  relayIsLocal = false;

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  written(): void {
    this.local.emit('written');
    if (!this.relayIsLocal) void this.notify();
  }

  onWritten(wake: () => void): void {
    this.local.on('written', wake);
  }

  offWritten(wake: () => void): void {
    this.local.off('written', wake);
  }

  private async notify(): Promise<void> {
    if (this.notifying) {
      this.again = true;
      return;
    }
    this.notifying = true;
    do {
      this.again = false;
      await this.dataSource.query(`SELECT pg_notify('${OUTBOX_CHANNEL}', '')`).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, NOTIFY_GAP_MS));
    } while (this.again);
    this.notifying = false;
  }
}
