import { Worker } from 'node:worker_threads';
import type { Type } from '@nestjs/common';
import { createBroker } from '@nestbox/eventing';
import { startTracing } from '@nestbox/platform';
import { spread } from './figures.js';
import type { Result } from './figures.js';
import { OrderByOrder, RevenueInSets } from './handlers.js';
import { MeteredBroker } from './metered.broker.js';
import { preload } from './preload.js';
import { progress } from './progress.js';
import { createTopic, deleteTopic } from './raw-kafka.js';
import { freshDatabase, kafkaBrokers, startContext } from './setting.js';

const EVENTS = 60_000;
const TOPIC = 'checkout.orders';
const SHARE = 0.1;

/** Takes everything, as a collector does, in a thread of its own. */
const SINK = `require('node:http').createServer((q, a) => q.resume().on('end', () => a.end('{}')))
  .listen(0, '127.0.0.1', function () { require('node:worker_threads').parentPort.postMessage(this.address().port) })`;

type Rates = Record<'off' | 'on', number[]>;

/** The same events handled without tracing and with every tenth trace collected, in turns. */
export async function tracingBench(rounds: number): Promise<Result[]> {
  const worker = new Worker(SINK, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const tracing = { app: 'bench', tracing: { endpoint: `http://127.0.0.1:${port}`, share: SHARE } };
  const database = await freshDatabase();
  await createTopic(TOPIC);
  await publishTraced(database.url, tracing);
  const rates = { sets: { off: [], on: [] } as Rates, each: { off: [], on: [] } as Rates };
  for (let at = 0; at <= rounds; at++) {
    progress(`tracing: round ${at} of ${rounds}${at === 0 ? ' (warm-up)' : ''}`);
    for (const [kind, handler] of [['sets', RevenueInSets], ['each', OrderByOrder]] as const) {
      const round: Rates = { off: [], on: [] };
      // There and back, so that neither has the warmer caches or the fuller disk.
      for (const which of ['off', 'on', 'on', 'off'] as const) {
        await database.client.query('TRUNCATE nestbox.inbox, orders, revenue');
        await database.client.query('CHECKPOINT');
        const running = which === 'on' ? await startTracing(tracing) : undefined;
        round[which].push(await consume(database.url, handler));
        await running?.stop();
      }
      if (at > 0) for (const which of ['off', 'on'] as const) rates[kind][which].push((round[which][0]! + round[which][1]!) / 2);
    }
  }
  await deleteTopic(TOPIC);
  await database.drop();
  await worker.terminate();
  return [line('set handler, every tenth trace collected / none', rates.sets), line('per-event handler, every tenth trace collected / none', rates.each)];
}

function line(name: string, { off, on }: Rates): Result {
  const rounds = on.map((rate, n) => (100 * rate) / off[n]!);
  return { name, unit: '%', target: '>= 95 %', met: spread(rounds).median >= 95, rounds, details: { off, on } };
}

/** Written while traces are collected: what travels says which of them are. */
async function publishTraced(url: string, tracing: Parameters<typeof startTracing>[0]): Promise<void> {
  const running = await startTracing(tracing);
  const broker = await kafka();
  await preload(url, await kafka(), EVENTS);
  await running.stop();
  const published = broker.after(EVENTS);
  const app = await startContext({ url, broker });
  await published;
  await app.close();
}

async function consume(url: string, handler: Type): Promise<number> {
  const broker = await kafka();
  const handled = broker.after(EVENTS);
  const group = `bench-${process.pid}-${Math.round(performance.now())}`;
  const app = await startContext({ url, broker, group, handlers: [handler], relay: { enabled: false } });
  const ms = await handled;
  await app.close();
  return (EVENTS / ms) * 1000;
}

async function kafka(): Promise<MeteredBroker> {
  return new MeteredBroker(await createBroker({ kind: 'kafka', brokers: kafkaBrokers }, 'bench'));
}
