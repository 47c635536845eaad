import { Logger } from '@nestjs/common';
import type { BrokerLog } from './broker-log.js';

/** Faults that are being retried, as warnings of Nest's logger. */
export function nestLog(context: string): BrokerLog {
  const logger = new Logger(context);
  return (line, error) => {
    const cause = error instanceof Error ? `: ${error.message}` : '';
    logger.warn(`${line}${line.includes(cause) ? '' : cause}`);
  };
}
