import type { INestApplication, Logger } from '@nestjs/common';

// Longer than the time that consumers get to finish. Process managers kill soon after this anyway.
const GRACE_MS = 25_000;

/**
 * The first SIGTERM or SIGINT shuts the app down cleanly, then runs `last`. A second signal, or the end of the grace time,
 * ends the process at once.
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
