import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

const LEASES = `SELECT slice, holder, epoch::text, expires_at > clock_timestamp() AS alive FROM nestbox.relay ORDER BY slice`;

/** Which relay publishes a slice of the outbox. */
export interface RelayLease {
  readonly slice: number;
  /** Host, process id and a random part; null when no relay holds it. */
  readonly holder: string | null;
  readonly epoch: string;
  /** False: the lease has expired, and any relay may take over. */
  readonly alive: boolean;
}

@Injectable()
export class RelayLeases {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  list(): Promise<RelayLease[]> {
    return this.dataSource.query<RelayLease[]>(LEASES);
  }
}
