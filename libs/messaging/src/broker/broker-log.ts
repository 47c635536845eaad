import { Logger } from '@nestjs/common';

/** Where an adapter reports a failure that it is retrying. `line` is one line; `error` carries the stack. */
export type BrokerLog = (line: string, error?: unknown) => void;

/** Logs failures that are being retried as warnings of Nest's logger. */
export function nestLog(context: string): BrokerLog {
  const logger = new Logger(context);
  return (line, error) => {
    const cause = error instanceof Error ? `: ${error.message}` : '';
    logger.warn(`${line}${line.includes(cause) ? '' : cause}`);
  };
}
