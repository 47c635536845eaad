import { keyOf } from '@nestbox/messaging';
import type { BrokerRecord } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';
import { failureOf } from '../retry/retry.js';
import { insertDeadLetter } from './insert-dead-letter.sql.js';

/**
 * Parks records whose handler or key is unknown: unchanged, under the name of the group. The partition goes on without losing
 * them.
 */
@Injectable()
export class Undecodable {
  private readonly logger = new Logger('Parking');

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
  ) {}

  /** Idempotent per (group, topic, partition, offset). */
  async park(group: string, record: BrokerRecord, fault: unknown): Promise<void> {
    const { topic, partition, offset } = record;
    const failure = failureOf(fault);
    const key = keyOf(record) ?? '';
    const { text, values } = insertDeadLetter({
      handler: group, key, alone: true, claimed: false, reason: 'undecodable', record, failure,
    });
    await this.dataSource.query(text, values);
    this.metrics.parked.inc({ handler: group, reason: 'undecodable' });
    this.logger.error(`${topic}[${partition}]@${offset} cannot be read by ${group} and was parked: ${failure.attempts[0]!.message}`);
  }
}
