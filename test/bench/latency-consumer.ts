import { Controller } from '@nestjs/common';
import { createBroker, HandlesEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { kafkaBrokers, startContext } from './setting.js';
import { OrderPlaced } from './shop.js';

/** The other process of the latency benchmark: says when each event was handled. */
@Controller()
class Receiver {
  @HandlesEvent(OrderPlaced, { id: 'bench.receive' })
  async received({ key }: EventMessage<OrderPlaced>): Promise<void> {
    process.send!({ key, at: performance.timeOrigin + performance.now() });
  }
}

const broker = await createBroker({ kind: 'kafka', brokers: kafkaBrokers }, 'bench-receiver');
void startContext({ url: process.env.RECEIVER_URL!, broker, handlers: [Receiver], relay: { enabled: false } }).then((app) => {
  process.send!({ ready: true });
  process.on('disconnect', () => void app.close());
});
