import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@nestbox/eventing/testing';
import { freePorts } from '../../support/free-ports.js';
import { tools } from '../../support/tools.js';
import type { RunningProcess } from '../../support/tools.js';

const VERSION = '3.3.3';
const OLDEST_JAVA = 21;

/** Apicurio Registry from Maven Central, on its database in memory. */
export class Apicurio {
  private constructor(
    readonly url: string,
    private readonly running: RunningProcess,
    private readonly removeHome: () => void,
  ) {}

  static async start(): Promise<Apicurio> {
    const { startProcess, logFile, temporaryHome } = await tools();
    const folder = await unpacked();
    const { home, remove } = await temporaryHome();
    const [port, management] = await freePorts(2);
    const settings = [`-Dquarkus.http.port=${port}`, `-Dquarkus.management.port=${management}`, '-Dquarkus.http.host=127.0.0.1'];
    const args = ['-Xmx512m', '-XX:+UseSerialGC', ...settings, '-jar', join(folder, 'quarkus-run.jar')];
    const running = startProcess({ name: 'apicurio', home, log: logFile(home, 'apicurio'), command: java()!, args, env: process.env });
    const apicurio = new Apicurio(`http://127.0.0.1:${port}/apis/ccompat/v7`, running, remove);
    await eventually(async () => expect((await fetch(`${apicurio.url}/subjects`)).status).toBe(200), { timeoutMs: 60_000 });
    return apicurio;
  }

  async stop(): Promise<void> {
    await this.running.stop();
    this.removeHome();
  }
}

/** Why it cannot run here, in a few words; undefined where it can. */
export function whyNoApicurio(): string | undefined {
  if (!java()) return `it needs Java ${OLDEST_JAVA} or newer`;
  return spawnSync('mvn', ['--version'], { stdio: 'ignore' }).status === 0 ? undefined : 'it comes through Maven, which is not here';
}

/** The first Java that is new enough: JAVA_HOME, the path, or one that Debian keeps beside it. */
function java(): string | undefined {
  const beside = existsSync('/usr/lib/jvm') ? readdirSync('/usr/lib/jvm').map((name) => join('/usr/lib/jvm', name, 'bin', 'java')) : [];
  const home = process.env.JAVA_HOME ? [join(process.env.JAVA_HOME, 'bin', 'java')] : [];
  return [...home, 'java', ...beside].find((file) => {
    const { stderr } = spawnSync(file, ['-version'], { encoding: 'utf8' });
    return Number(/version "(\d+)/.exec(stderr ?? '')?.[1]) >= OLDEST_JAVA;
  });
}

/** Downloaded once per user; renamed into place when it is whole. */
async function unpacked(): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'nestbox', `apicurio-${VERSION}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
  const artifact = `io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`;
  try {
    await promisify(execFile)('mvn', ['-B', '-q', `${plugin}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${draft}`]);
    const [archive] = readdirSync(draft);
    await promisify(execFile)('tar', ['xzf', archive!], { cwd: draft });
    rmSync(join(draft, archive!));
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}
