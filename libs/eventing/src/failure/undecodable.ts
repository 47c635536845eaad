import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BrokerRecord } from '../broker/broker.js';

const PARK = `INSERT INTO nestbox.undecodable ("group", topic, partition, "offset", key, value, headers, reason)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`;

/** Keeps records that no handler can ever read, byte for byte, so that the partition can go on without losing them. */
@Injectable()
export class Undecodable {
  private readonly logger = new Logger('Consumer');

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Idempotent per (group, topic, partition, offset). */
  async park(group: string, record: BrokerRecord, reason: string): Promise<void> {
    const { topic, partition, offset, key, value } = record;
    const headers = JSON.stringify(record.headers).replaceAll('\\u0000', '\\ufffd');
    await this.dataSource.query(PARK, [group, topic, partition, offset, key, value, headers, reason]);
    this.logger.error(`${topic}[${partition}]@${offset} cannot be read by ${group} and was set aside: ${reason}`);
  }
}
