import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from './fault.mjs';
import { logFile } from './home.mjs';
import { kafkaClassPath } from './kafka/jars.mjs';
import { kafkaSettings, loggingSettings } from './kafka/settings.mjs';
import { startProcess } from './processes.mjs';
import { run } from './run.mjs';

const startPatienceMs = 90_000;
// Serial collection: the heap is small and the parallel collectors' threads would only compete for two cores.
const jvm = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-Djava.awt.headless=true'];
// A broker that lives for minutes spends more on the second compiler than that gives back.
const quickStart = '-XX:TieredStopAtLevel=1';

/**
 * Apache Kafka (KRaft, one node) on the JVM, its data under <home>/kafka, kept across restarts.
 * @param {{ home: string, port: number, controllerPort?: number, say?: (line: string) => void,
 *   signal?: AbortSignal, lasting?: boolean, settings?: Record<string, string>, clusterId?: string }} options signal: gives up
 *   starting; lasting: as fast as it can get, not as soon as it can; settings: further lines of server.properties;
 *   clusterId: of a cluster that there is already
 * @returns {Promise<{ brokers: string, port: number, pid: number, ended: Promise<unknown>, stop(): Promise<void>,
 *   unref(): void }>}
 */
export async function startKafka({ home, port, controllerPort = port + 1, say, signal, lasting = false, settings = {}, clusterId }) {
  const classPath = await kafkaClassPath(say, signal);
  const folder = join(home, 'kafka');
  const data = join(folder, 'data');
  const properties = join(folder, 'server.properties');
  const logging = join(folder, 'log4j2.properties');
  mkdirSync(folder, { recursive: true });
  writeFileSync(properties, kafkaSettings({ port, controllerPort, data }, settings));
  writeFileSync(logging, loggingSettings);
  const java = [...jvm, ...(lasting ? [] : [quickStart]), `-Dlog4j2.configurationFile=${logging}`, '-cp', classPath];
  await formatStorage({ java, properties, data, clusterId: clusterId ?? newClusterId(), signal });

  const log = logFile(home, 'kafka');
  const logStart = existsSync(log) ? statSync(log).size : 0;
  const broker = startProcess({
    name: 'kafka',
    home,
    log,
    command: 'java',
    args: [...java, 'kafka.Kafka', properties],
  });
  await untilReady(broker, log, logStart, signal);
  return {
    brokers: `127.0.0.1:${port}`,
    port,
    pid: /** @type {number} */ (broker.child.pid),
    ended: broker.ended,
    stop: () => broker.stop('SIGTERM', 20_000),
    /** Whoever has started it may end before it. */
    unref: () => broker.child.unref(),
  };
}

function newClusterId() {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
}

/** @param {{ java: string[], properties: string, data: string, clusterId: string, signal?: AbortSignal }} options */
async function formatStorage({ java, properties, data, clusterId, signal }) {
  if (existsSync(join(data, 'meta.properties'))) return;
  // Without meta.properties a format was interrupted: there is nothing in it to keep.
  rmSync(data, { recursive: true, force: true });
  // One argument: an id may begin with a hyphen, and would be taken for an option.
  const format = ['format', `--cluster-id=${clusterId}`, '-c', properties];
  await run('java', [...java, 'kafka.tools.StorageTool', ...format], { signal });
}

/** @param {import('./processes.mjs').RunningProcess} broker @param {string} log @param {number} logStart
 * @param {AbortSignal} [signal] */
async function untilReady(broker, log, logStart, signal) {
  const deadline = Date.now() + startPatienceMs;
  const written = () => readFileSync(log).subarray(logStart).toString();
  while (Date.now() < deadline && !signal?.aborted) {
    if (!broker.running()) {
      await broker.ended;
      const complaint = written()
        .split('\n')
        .find((line) => /Exception|ERROR|FATAL/.test(line));
      throw new Fault(`Kafka did not start: ${complaint ?? 'no word of why'} (whole log: ${log})`);
    }
    if (written().includes('Kafka Server started')) return;
    await pause(50);
  }
  await broker.stop('SIGKILL');
  signal?.throwIfAborted();
  throw new Fault(`Kafka was not ready within ${startPatienceMs / 1000} s: see ${log}`);
}
