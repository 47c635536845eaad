import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, tools } from './tools.js';

/** A record as somebody else's client prints it. */
export interface PrintedRecord {
  readonly partition: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

const hasKcat = () => spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0;

/**
 * The first `count` records of a topic: read by kcat where the machine has it, otherwise by Kafka's own console consumer,
 * which knows no end of a topic.
 */
export async function readWithForeignClient(brokers: string, topic: string, count: number): Promise<PrintedRecord[]> {
  return hasKcat() ? readWithKcat(brokers, topic) : readWithConsole(brokers, topic, count);
}

async function readWithKcat(brokers: string, topic: string): Promise<PrintedRecord[]> {
  const output = await run('kcat', ['-C', '-q', '-e', '-b', brokers, '-t', topic, '-f', '%p\t%k\t%h\t%s\n']);
  return rowsOf(output).map(([partition, key, headers, value]) => ({
    partition: Number(partition),
    key: key!,
    headers: headersIn(headers!, '='),
    value: value!,
  }));
}

async function readWithConsole(brokers: string, topic: string, count: number): Promise<PrintedRecord[]> {
  const printed = ['partition', 'headers', 'key'].flatMap((part) => ['--formatter-property', `print.${part}=true`]);
  const where = ['--bootstrap-server', brokers, '--topic', topic, '--from-beginning'];
  const until = ['--max-messages', String(count), '--timeout-ms', '40000'];
  const output = await runJava('org.apache.kafka.tools.consumer.ConsoleConsumer', [...where, ...until, ...printed]);
  return rowsOf(output).map(([partition, headers, key, value]) => ({
    partition: Number(partition!.replace('Partition:', '')),
    key: key!,
    headers: headersIn(headers!, ':'),
    value: value!,
  }));
}

type Written = Omit<PrintedRecord, 'partition'>;

/** By hand, with Kafka's own console producer: Java's partitioner decides where each record goes. */
export async function writeWithConsole(brokers: string, topic: string, records: readonly Written[], codec = 'none'): Promise<void> {
  const parsed = ['parse.key=true', 'parse.headers=true', 'headers.key.separator==', 'headers.separator=;'];
  const args = ['--bootstrap-server', brokers, '--topic', topic, '--compression-codec', codec, ...parsed.flatMap((one) => ['--reader-property', one])];
  const lines = records.map(({ headers, key, value }) => {
    const pairs = Object.entries(headers).map(([name, text]) => `${name}=${text}`);
    return `${pairs.join(';')}\t${key}\t${value}\n`;
  });
  await runJava('org.apache.kafka.tools.ConsoleProducer', args, lines.join(''));
}

/** Runs one of `test/support/java`, which Java compiles as it starts. */
export async function runJavaFile(name: string, args: readonly string[]): Promise<void> {
  await runJava(join(root, 'test', 'support', 'java', `${name}.java`), args);
}

function rowsOf(output: string): string[][] {
  return output
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(({ length }) => length === 4);
}

function headersIn(text: string, separator: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => {
    const at = pair.indexOf(separator);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

async function runJava(mainClass: string, args: readonly string[], input = ''): Promise<string> {
  const { kafkaClassPath } = await tools();
  return run('java', ['-Xmx256m', '-cp', await kafkaClassPath(), mainClass, ...args], input);
}

function run(command: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}: ${complaint}`))));
  });
}
