import { join } from 'node:path';

export const root = process.cwd();

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  readonly child: { readonly pid?: number; kill(signal: NodeJS.Signals): boolean; unref(): void };
  readonly ended: Promise<Ended>;
  running(): boolean;
  stop(signal?: NodeJS.Signals, patience?: number): Promise<void>;
}

export interface KafkaPlace {
  readonly home: string;
  readonly port: number;
  readonly controllerPort: number;
}

export interface LocalKafka {
  readonly brokers: string;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stop(): Promise<void>;
  unref(): void;
}

interface Tools {
  startProcess(options: {
    name: string;
    home: string;
    log: string;
    command: string;
    args: string[];
    env: NodeJS.ProcessEnv;
  }): RunningProcess;
  startKafka(options: KafkaPlace & { settings?: Record<string, string>; clusterId?: string }): Promise<LocalKafka>;
  kafkaClassPath(): Promise<string>;
  /** Nothing if no such process runs. */
  startTimeOf(pid: number): string | undefined;
  /** Throws while somebody else who lives holds it. */
  lockHome(home: string, base: number): () => void;
  stopLeftovers(home: string): Promise<string[]>;
  temporaryHome(): Promise<{ home: string; remove(): void }>;
  logFile(home: string, name: string): string;
  /** Distance of every listener of a shop from its PORT_BASE. */
  offsetsOf(): Readonly<Record<string, number>>;
  compile(unit: { name: string; source: string; output: string }, swc: object): Promise<number>;
}

// Paths in variables: the tools are plain JavaScript, which the compiler is not asked to read.
const files = [
  'process-identity.mjs',
  'lock.mjs',
  'processes.mjs',
  'local-kafka.mjs',
  'kafka/jars.mjs',
  'test/temporary-home.mjs',
  'home.mjs',
  'ports.mjs',
  'build/compile.mjs',
];

/** What `npm start` and `npm test` are made of: the same PostgreSQL, Kafka and processes. */
export async function tools(): Promise<Tools> {
  const all = {};
  // One after the other: jest's loader trips over two imports that meet in a module.
  for (const file of files) Object.assign(all, await import(join(root, 'tools', file)));
  return all as Tools;
}
