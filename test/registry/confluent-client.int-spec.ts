import { execFile, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { descriptorOfText } from '@nestbox/schema';
import { RegistryApp } from '../support/registry-app.js';
import { root } from '../support/tools.js';

const source = join(root, 'test', 'registry', 'confluent-client');
// Beside the repository's own modules: with what it brings along it is larger than half of them.
const home = join(root, '.nestbox', 'confluent-client');

/** Undefined when the client is there, else why not. */
function install(): string | undefined {
  mkdirSync(home, { recursive: true });
  for (const file of ['package.json', 'exchange.mjs']) cpSync(join(source, file), join(home, file));
  const { dependencies } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const present = Object.entries(dependencies).every(([name, version]) => {
    const manifest = join(home, 'node_modules', name, 'package.json');
    return existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version === version;
  });
  if (present) return undefined;
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--workspaces=false'];
  const { status, stderr } = spawnSync('npm', args, { cwd: home, encoding: 'utf8', timeout: 150_000 });
  return status === 0 ? undefined : (stderr.split('\n').find((line) => line.includes('ERR')) ?? 'npm did not end in time');
}

const reason = install();
if (reason) process.stderr.write(`Skipped: Confluent's client against the registry: it cannot be installed (${reason})\n`);
const describeWhereInstalled = reason === undefined ? describe : describe.skip;

describeWhereInstalled('Confluent’s own client against the registry', () => {
  it('writes and reads all three formats, and asks and is answered', async () => {
    const registry = await RegistryApp.start();
    try {
      const proto = 'syntax = "proto3";\nmessage OrderPlaced {\n  string orderId = 1;\n  int32 totalCents = 2;\n}\n';
      const args = ['exchange.mjs', registry.url, RegistryApp.token, descriptorOfText(proto, 'orders.proto')];
      const { NODE_OPTIONS: _forJest, ...env } = process.env;
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: home, env });
      const back = { orderId: 'order-1', totalCents: 1250 };
      expect(JSON.parse(stdout)).toEqual({
        avro: { id: expect.any(Number), framed: true, back },
        json: { id: expect.any(Number), framed: true, back },
        protobuf: { framed: true, back },
        questions: {
          subjects: ['orders-avro-value', 'orders-json-value', 'orders-protobuf-value'],
          versions: [1], latest: 1, level: 'BACKWARD', compatible: true, broken: false,
          refused: expect.stringContaining('incompatible'), set: 'FULL', own: 'FULL', deleted: [1],
        },
      });
    } finally {
      await registry.stop();
    }
  });
});
