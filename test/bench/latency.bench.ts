import { fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { UnitOfWork } from '@nestbox/database';
import { createBroker, Outbox } from '@nestbox/eventing';
import { uuid7 } from '@nestbox/kernel';
import { percentile, spread } from './figures.js';
import type { Result } from './figures.js';
import { progress } from './progress.js';
import { createTopic, deleteTopic } from './raw-kafka.js';
import { freshDatabase, kafkaBrokers, startContext } from './setting.js';
import { placedOrder } from './shop.js';

const PER_SECOND = 100;
const EVENTS = 1_000;
const WARM_UP = 200;

/** From the commit in one process to the handler in another, through real Kafka, at 100 events a second. */
export async function latencyBench(rounds: number): Promise<Result[]> {
  await createTopic('checkout.orders');
  const [writerDb, receiverDb] = [await freshDatabase(), await freshDatabase()];
  const receiver = fork(fileURLToPath(new URL('./latency-consumer.js', import.meta.url)), {
    env: { ...process.env, RECEIVER_URL: receiverDb.url },
  });
  const handledAt = new Map<string, number>();
  const ready = new Promise<void>((resolve) => {
    receiver.on('message', (message: { ready?: true; key: string; at: number }) => {
      if (message.ready) resolve();
      else handledAt.set(message.key, message.at);
    });
  });
  const app = await startContext({ url: writerDb.url, broker: await createBroker({ kind: 'kafka', brokers: kafkaBrokers }, 'bench') });
  await ready;
  const write = async () => {
    const key = uuid7();
    await app.get(UnitOfWork).run(async () => app.get(Outbox).add([placedOrder(1, key)]));
    return { key, committedAt: performance.timeOrigin + performance.now() };
  };
  const medians: number[] = [];
  const tails: number[] = [];
  await sample(WARM_UP, write, handledAt);
  for (let at = 1; at <= rounds; at++) {
    progress(`latency: round ${at} of ${rounds}`);
    const delays = await sample(EVENTS, write, handledAt);
    medians.push(percentile(delays, 50));
    tails.push(percentile(delays, 99));
  }
  receiver.disconnect();
  await new Promise((resolve) => receiver.once('exit', resolve));
  await app.close();
  await Promise.all([writerDb.drop(), receiverDb.drop()]);
  await deleteTopic('checkout.orders');
  const details = { p50: medians, p99: tails };
  return [
    { name: 'commit to handled in another process, p50', unit: 'ms', target: '<= 5 ms', met: spread(medians).median <= 5, rounds: medians, details },
    { name: 'commit to handled in another process, p99', unit: 'ms', target: '<= 25 ms', met: spread(tails).median <= 25, rounds: tails, details },
  ];
}

async function sample(
  count: number,
  write: () => Promise<{ key: string; committedAt: number }>,
  handledAt: ReadonlyMap<string, number>,
): Promise<number[]> {
  const written: Promise<{ key: string; committedAt: number }>[] = [];
  const start = performance.now();
  for (let n = 0; n < count; n++) {
    await pause(Math.max(0, start + (n * 1000) / PER_SECOND - performance.now()));
    written.push(write());
  }
  const all = await Promise.all(written);
  for (let waited = 0; !all.every(({ key }) => handledAt.has(key)); waited += 20) {
    if (waited > 20_000) throw new Error('Void: an event never reached its handler.');
    await pause(20);
  }
  return all.map(({ key, committedAt }) => Math.max(0, handledAt.get(key)! - committedAt));
}
