import { EventEmitter } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export const OUTBOX_CHANNEL = 'nestbox_outbox';
/** At most one NOTIFY per this many ms: NOTIFY takes a lock that serialises commits, so it must stay rare. */
const NOTIFY_GAP_MS = 5;

/**
 * Tells relays that rows have been committed: the one in this process at once, those in others through a NOTIFY that is
 * coalesced and sent outside the business transaction. Lost signals do no harm: relays poll as well.
 */
@Injectable()
export class OutboxSignal {
  private readonly local = new EventEmitter();
  private notifying = false;
  private again = false;
  /** Set by the relay of this process while it holds every lease: nobody else needs to be woken then. */
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
