import { clean } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AlertRule, Finding } from './alert.js';
import { CLEAR, FORGET, OPEN_ALERTS, SEE } from './alerts.sql.js';

/** Open alerts in the context's database. An alert is raised once and cleared once, however many processes see it. */
@Injectable()
export class AlertStore {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Records one check's findings, and clears alerts not found for `clearAfterMs`. Notices go to `channels`. */
  async note(findings: readonly Finding[], channels: readonly string[], clearAfterMs: number): Promise<void> {
    // A fixed order keeps two processes from deadlocking.
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
