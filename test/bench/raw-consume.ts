import type { Consumption, Effect } from './raw-consumer.js';
import { kafkaBrokers } from './setting.js';
import { WarmProcess } from './warm-process.js';

const consumer = new WarmProcess<Consumption>('./raw-consumer.js');

/**
 * Runs a consumer as anyone would write it over the whole topic; resolves with records per second from the first batch
 * to the `count`-th record. Not in this process: kafkajs is patched in it.
 */
export function rawConsume(topic: string, count: number, effect: Effect = 'nothing', url = ''): Promise<number> {
  return consumer.ask({ brokers: kafkaBrokers, topic, count, effect, url });
}
