import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Consumption, Effect } from './raw-consumer.js';
import { kafkaBrokers } from './setting.js';

let child: ChildProcess | undefined;

/**
 * Runs a consumer as anyone would write it over the whole topic; resolves with records per second from the first batch
 * to the `count`-th record. In a process of its own, which stays warm: kafkajs is patched in this one.
 */
export async function rawConsume(topic: string, count: number, effect: Effect = 'nothing', url = ''): Promise<number> {
  child ??= fork(fileURLToPath(new URL('./raw-consumer.js', import.meta.url)));
  const consumption: Consumption = { brokers: kafkaBrokers, topic, count, effect, url };
  child.send(consumption);
  const heard = new AbortController();
  const { signal } = heard;
  const gone = once(child, 'exit', { signal }).then(([code]) => ({ rate: NaN, error: `The raw consumer has ended (${code}).` }));
  gone.catch(() => undefined);
  const answer = once(child, 'message', { signal }).then(([said]) => said as { rate: number; error?: string });
  answer.catch(() => undefined);
  const { rate, error } = await Promise.race([answer, gone]);
  heard.abort();
  if (error) throw new Error(error);
  return rate;
}
