import { clean } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AlertRule, Finding } from './alert.js';
import { CLEAR, FORGET, OPEN_ALERTS, SEE } from './alerts.sql.js';

/** What is wrong, kept in the context's database: however many processes see it, it is raised once and cleared once. */
@Injectable()
export class AlertStore {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** One look's findings; what nobody has found for `clearAfterMs` is over. `channels` are the ones that will be told. */
  async note(findings: readonly Finding[], channels: readonly string[], clearAfterMs: number): Promise<void> {
    // In one order, so that two processes wait for each other instead of deadlocking.
    const sorted = [...findings].sort((a, b) => `${a.rule} ${a.subject}`.localeCompare(`${b.rule} ${b.subject}`));
    if (sorted.length > 0) {
      const column = (name: keyof Finding) => sorted.map((finding) => clean(finding[name], 500));
      await this.dataSource.query(SEE, [column('rule'), column('subject'), column('summary'), channels]);
    }
    await this.dataSource.query(CLEAR, [clearAfterMs, channels]);
  }

  async open(): Promise<readonly { readonly rule: AlertRule; readonly count: number }[]> {
    return this.dataSource.query(OPEN_ALERTS);
  }

  async forgetOld(): Promise<void> {
    await this.dataSource.query(FORGET);
  }
}
