import { backOff } from '@nestbox/kernel';
import { describeFailure, EVENTING_OPTIONS } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OperationsModuleOptions } from '../operations.options.js';
import { AlertChannel } from './alert.js';
import type { AlertNotice } from './alert.js';
import { NEXT_NOTICE, NOT_SENT, SENT } from './alerts.sql.js';
import { LogAlertChannel } from './log.alert-channel.js';
import { MailAlertChannel } from './mail.alert-channel.js';
import { WebhookAlertChannel } from './webhook.alert-channel.js';

export const ALERT_CHANNELS = Symbol('nestbox.alert-channels');

interface WaitingNotice extends Omit<AlertNotice, 'context' | 'raisedAt' | 'clearedAt'> {
  readonly id: string;
  readonly channel: string;
  readonly tries: number;
  readonly raisedAt: Date;
  readonly clearedAt: Date | null;
}

/** The log is always a channel; the others need configuration. */
export function channelsOf({ alerting }: OperationsModuleOptions): AlertChannel[] {
  const { webhookUrl, mail, channels = [] } = alerting ?? {};
  return [
    new LogAlertChannel(),
    ...(webhookUrl ? [new WebhookAlertChannel(webhookUrl)] : []),
    ...(mail ? [new MailAlertChannel(mail.smtpUrl, mail.from, mail.to)] : []),
    ...channels,
  ];
}

/** Sends pending notices. Only one process sends a notice at a time; failures are repeated with growing waits. */
@Injectable()
export class AlertSender {
  private readonly logger = new Logger('Alert');

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: OperationsModuleOptions,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ALERT_CHANNELS) private readonly channels: readonly AlertChannel[],
  ) {}

  get channelNames(): string[] {
    return this.channels.map(({ name }) => name);
  }

  async sendAll(): Promise<void> {
    while (await this.sendNext());
  }

  async close(): Promise<void> {
    await Promise.all(this.channels.map((channel) => channel.close()));
  }

  /** False when nothing is pending. The row stays locked while it is sent, so no other process sends it. */
  private sendNext(): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [notice] = await manager.query<WaitingNotice[]>(NEXT_NOTICE, [this.channelNames]);
      if (!notice) return false;
      const channel = this.channels.find(({ name }) => name === notice.channel)!;
      try {
        await channel.send(this.noticeOf(notice));
        await manager.query(SENT, [notice.id]);
      } catch (error) {
        this.logger.warn(`An alert could not be sent by ${channel.name}: ${describeFailure(error).message}`);
        await manager.query(NOT_SENT, [notice.id, backOff(notice.tries, { firstMs: 5_000, longestMs: 600_000 })]);
      }
      return true;
    });
  }

  private noticeOf({ rule, subject, summary, what, raisedAt, clearedAt }: WaitingNotice): AlertNotice {
    const { context } = this.options;
    return { context, rule, subject, summary, what, raisedAt: raisedAt.toISOString(), clearedAt: clearedAt?.toISOString() ?? null };
  }
}
