import { UnitOfWork } from '@nestbox/database';
import { Outbox } from '@nestbox/eventing';
import type { Broker } from '@nestbox/eventing';
import { placedOrder } from './shop.js';
import { startContext } from './setting.js';

const STEP = 1_000;

/** Fills the outbox through the front door, a thousand events to a unit of work. */
export async function preload(url: string, broker: Broker, count: number): Promise<void> {
  const app = await startContext({ url, broker, relay: { enabled: false } });
  const [unitOfWork, outbox] = [app.get(UnitOfWork), app.get(Outbox)];
  for (let done = 0; done < count; done += STEP) {
    const events = Array.from({ length: Math.min(STEP, count - done) }, (_, n) => placedOrder(done + n));
    await unitOfWork.run(async () => outbox.add(events));
  }
  await app.close();
}
