import { startPostgres } from '../embedded-postgres.mjs';
import { Fault } from '../fault.mjs';
import { anyKafka } from '../kafka/choose.mjs';
import { freePorts } from '../test/some-ports.mjs';
import { needsKafka, needsPostgres } from './bugs.mjs';

/**
 * Starts what the tests of these bugs need, once for all of them.
 * @param {import('./bugs.mjs').Bug[]} bugs
 * @param {{ home: string, progress: import('../progress.mjs').Progress, signal: AbortSignal,
 *   onStop: (stop: () => Promise<unknown>) => void }} given
 * @returns {Promise<import('./test-runs.mjs').Services>}
 */
export async function startServices(bugs, { home, progress, signal, onStop }) {
  const [postgresPort = 0, kafkaPort = 0, controllerPort = 0] = await freePorts(3);
  const [databaseUrl, kafkaBrokers] = await Promise.all([
    bugs.some(needsPostgres) &&
      progress.step('PostgreSQL', async () => {
        const postgres = await startPostgres({ home, port: postgresPort, durable: false, signal });
        onStop(postgres.stop);
        return postgres.url;
      }),
    bugs.some(needsKafka) &&
      progress.step('Kafka', async (say) => {
        const kafka = await anyKafka({ home, port: kafkaPort, controllerPort, say, signal });
        onStop(kafka.stop);
        return kafka.brokers;
      }).catch((error) => {
        if (!(error instanceof Fault) || process.env.REQUIRE_KAFKA === '1') throw error;
        progress.line(error.message);
      }),
  ]);
  return { databaseUrl: databaseUrl || undefined, kafkaBrokers: kafkaBrokers || undefined };
}
