import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../fault.mjs';
import { run } from '../run.mjs';

export const kafkaVersion = '4.3.1';

const oldestJava = 17;

/** kafka-tools brings Kafka's own command line clients; the log4j binding lets the broker say what happens. */
const artifacts = [
  ['org.apache.kafka', 'kafka_2.13', kafkaVersion],
  ['org.apache.kafka', 'kafka-tools', kafkaVersion],
  ['org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.5'],
];

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>nestbox</groupId><artifactId>local-kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${artifacts.map(dependency).join('')}
  </dependencies>
</project>
`;

/** @param {string[]} artifact */
function dependency([group, artifact, version]) {
  const names = `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;
  return `\n    <dependency>${names}</dependency>`;
}

/**
 * Kafka's jars, downloaded once per user: the cache lies outside the clone.
 * @param {(line: string) => void} [say]
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} class path
 */
export async function kafkaClassPath(say = () => undefined, signal) {
  requireJava();
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'nestbox', `kafka-${kafkaVersion}`);
  if (!isComplete(folder)) {
    say(`downloading Apache Kafka ${kafkaVersion} into ${folder} (once)`);
    await download(folder, signal);
  }
  return join(folder, 'libs', '*');
}

function requireJava() {
  const { status, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = Number(/version "(\d+)/.exec(stderr ?? '')?.[1]);
  if (status === 0 && major >= oldestJava) return;
  throw new Fault(
    `Kafka needs Java ${oldestJava} or newer, ${status === 0 ? `found ${major}` : 'found none'}: install a JDK, ` +
      'or name a running broker with KAFKA_BROKERS=host:port',
  );
}

/** @param {string} folder */
function isComplete(folder) {
  const file = join(folder, 'pom.xml');
  return existsSync(file) && readFileSync(file, 'utf8') === pom;
}

/** Renamed into place when complete: an interrupted download is never taken for a whole one. */
async function download(/** @type {string} */ folder, /** @type {AbortSignal | undefined} */ signal) {
  if (spawnSync('mvn', ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new Fault('Kafka comes through Maven and "mvn" was not found: install Maven, or set KAFKA_BROKERS=host:port');
  }
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, 'pom.xml'), pom);
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const args = [
    '-B',
    '-q',
    '-f',
    join(draft, 'pom.xml'),
    goal,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${join(draft, 'libs')}`,
  ];
  try {
    await run('mvn', args, { signal });
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (error) {
    signal?.throwIfAborted();
    if (isComplete(folder)) return;
    throw new Fault(`Maven could not download Kafka ${kafkaVersion}: ${/** @type {Error} */ (error).message}`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
