import { createBroker } from '@nestbox/eventing';
import { OrderByOrder, RevenueInSets } from './handlers.js';
import { MeteredBroker } from './metered.broker.js';
import { kafkaBrokers, startContext } from './setting.js';
import { answerWith } from './warm-process.js';

const handlers = { RevenueInSets, OrderByOrder };

export interface OwnConsumption {
  readonly handler: keyof typeof handlers;
  readonly count: number;
  /** Where the effects go. */
  readonly url: string;
}

answerWith(async ({ handler, count, url }: OwnConsumption) => {
  const broker = new MeteredBroker(await createBroker({ kind: 'kafka', brokers: kafkaBrokers }, 'bench'));
  const handled = broker.after(count);
  const group = `bench-${process.pid}-${Math.round(performance.now())}`;
  const app = await startContext({ url, broker, group, handlers: [handlers[handler]], relay: { enabled: false } });
  const ms = await handled;
  await app.close();
  return (count / ms) * 1000;
});
