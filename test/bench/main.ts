import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { backlogBench } from './backlog.bench.js';
import { codecBench } from './codec.bench.js';
import { consumerBench } from './consumer.bench.js';
import { emptyPollBench } from './empty-poll.bench.js';
import { spread, table } from './figures.js';
import type { Result } from './figures.js';
import { latencyBench } from './latency.bench.js';
import { poisonBench } from './poison.bench.js';
import { readingBench } from './reading.bench.js';
import { recoveryBench } from './recovery.bench.js';
import { relayBench } from './relay.bench.js';
import { tracingBench } from './tracing.bench.js';
import { writeBench } from './write.bench.js';

const benches: Record<string, (rounds: number) => Promise<Result[]>> = {
  relay: relayBench,
  consumer: consumerBench,
  write: writeBench,
  latency: latencyBench,
  backlog: backlogBench,
  'empty-poll': emptyPollBench,
  poison: poisonBench,
  tracing: tracingBench,
  reading: readingBench,
  codec: codecBench,
  recovery: recoveryBench,
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, rounds: { type: 'string', default: '3' }, json: { type: 'string' } },
  });
  const names = values.only?.split(',') ?? Object.keys(benches);
  const results: Result[] = [];
  for (const name of names) {
    const bench = benches[name];
    if (!bench) throw new Error(`There is no benchmark "${name}"; there are ${Object.keys(benches).join(', ')}.`);
    results.push(...(await bench(Number(values.rounds))));
  }
  const json = JSON.stringify(results.map((result) => ({ ...result, spread: spread(result.rounds) })), null, 2);
  process.stderr.write('\n');
  process.stdout.write(`${table(results)}\n`);
  if (values.json) writeFileSync(values.json, json);
  else process.stdout.write(`${json}\n`);
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`\n${error.stack}\n`);
    process.exit(1);
  },
);
