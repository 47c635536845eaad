import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LEASES } from './relay.sql.js';

/** Who publishes a slice of the outbox. */
export interface RelayLease {
  readonly slice: number;
  /** Host, process id and a random part; null when nobody has it. */
  readonly holder: string | null;
  readonly epoch: string;
  /** False: the holder has not been heard of for the length of a lease, and whoever comes next takes over. */
  readonly alive: boolean;
}

@Injectable()
export class RelayLeases {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  list(): Promise<RelayLease[]> {
    return this.dataSource.query<RelayLease[]>(LEASES);
  }
}
