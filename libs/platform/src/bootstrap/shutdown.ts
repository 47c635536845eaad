import type { INestApplication, Logger } from '@nestjs/common';

// Longer than the grace that consumers get to finish; whoever started us kills after that anyway.
const GRACE_MS = 25_000;

/**
 * The first SIGTERM or SIGINT ends the app in good order, then does `last`; a second one, or the end of the grace time, ends
 * it at once.
 */
export function stopOnSignals(app: INestApplication, logger: Logger, last: () => Promise<void>): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.log(`${signal}: finishing what is under way`);
    setTimeout(() => {
      logger.error(`not finished within ${GRACE_MS / 1000} s: leaving anyway`);
      process.exit(1);
    }, GRACE_MS).unref();
    try {
      await app.close();
      await last();
      process.exit(0);
    } catch (error) {
      logger.error('stopping failed', (error as Error).stack);
      process.exit(1);
    }
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}
