import { spawnSync } from 'node:child_process';
import { startKafka } from '../local-kafka.mjs';
import { startComposedKafka } from './compose.mjs';

/** A broker that somebody else keeps running is never seen to end. */
const notOurs = new Promise(() => undefined);

/**
 * A real Kafka: a given one, else docker compose where an engine runs, else the JVM.
 * @param {{ home: string, port: number, controllerPort: number, say: (line: string) => void,
 *   signal?: AbortSignal, lasting?: boolean }} options
 * @returns {Promise<{ brokers: string, origin: string, ended: Promise<unknown>, stop(): Promise<void> }>}
 */
export async function anyKafka(options) {
  const given = process.env.KAFKA_BROKERS;
  if (given) return { brokers: given, origin: 'KAFKA_BROKERS', ended: notOurs, stop: async () => undefined };
  if (dockerAnswers()) {
    try {
      return { ...(await startComposedKafka(options)), ended: notOurs, origin: 'docker compose' };
    } catch (error) {
      options.signal?.throwIfAborted();
      const [reason] = /** @type {Error} */ (error).message.split('\n').slice(-1);
      options.say(`docker compose could not run Kafka (${reason}), trying the JVM`);
    }
  }
  return { ...(await startKafka(options)), origin: 'local JVM' };
}

/** The client may be installed without an engine: only an answer from the engine counts. */
function dockerAnswers() {
  const { status, stdout } = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], {
    encoding: 'utf8',
    timeout: 5_000,
  });
  return status === 0 && stdout.trim() !== '';
}
