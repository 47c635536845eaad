import { Logger } from '@nestjs/common';
import { AlertChannel, headline } from './alert.js';
import type { AlertNotice } from './alert.js';

export class LogAlertChannel extends AlertChannel {
  override readonly name = 'log';
  private readonly logger = new Logger('Alert');

  override async send(notice: AlertNotice): Promise<void> {
    if (notice.what === 'raised') this.logger.error(headline(notice));
    else this.logger.log(headline(notice));
  }

  override async close(): Promise<void> {}
}
