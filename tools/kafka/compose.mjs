import { join } from 'node:path';
import { repository } from '../home.mjs';
import { run } from '../run.mjs';

/**
 * The broker of docker-compose.yml, under a project name of its own port: several shops do not share it.
 * @param {{ port: number, say: (line: string) => void, signal?: AbortSignal }} options
 */
export async function startComposedKafka({ port, say, signal }) {
  const compose = (/** @type {string[]} */ ...args) =>
    run('docker', ['compose', '-f', join(repository, 'docker-compose.yml'), '-p', `nestbox-${port}`, ...args], {
      env: { ...process.env, KAFKA_PORT: String(port) },
      signal,
    });
  say('starting the image');
  await compose('up', '--detach', '--wait', 'kafka');
  return {
    brokers: `127.0.0.1:${port}`,
    async stop() {
      await run('docker', [
        'compose',
        '-f',
        join(repository, 'docker-compose.yml'),
        '-p',
        `nestbox-${port}`,
        'stop',
        'kafka',
      ]);
    },
  };
}
