import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { Outbox, Projections } from '@nestbox/eventing';
import { appliedAt, kafka, RevenueView, TOPIC, topics, view } from './reading-shop.js';
import { freshDatabase, startContext } from './setting.js';
import { placedOrder } from './shop.js';

const LIVE_PER_SECOND = 100;
const WARM_UP = 200;

/** ms from the commit of each of `count` live events until the view has it: while nothing else is done, and during a rebuild. */
export async function liveDelays(url: string, count: number): Promise<{ alone: number[]; meanwhile: number[] }> {
  const database = await freshDatabase();
  const broker = await kafka();
  await broker.seek(view.group, TOPIC, (await broker.bounds([TOPIC])).map(({ end }) => end));
  const writer = await startContext({ url, broker: await kafka(), topics });
  const reader = await startContext({ url: database.url, broker, topics, handlers: [RevenueView], relay: { enabled: false } });
  await sample(writer, WARM_UP);
  const alone = await sample(writer, count);
  const projections = reader.get(Projections);
  const { id } = await projections.rebuild(view.id, { actor: 'bench', reason: 'to see whether it disturbs anybody' });
  const meanwhile = await sample(writer, count);
  if ((await projections.state(id))!.status !== 'building') throw new Error('Void: the rebuild had ended before; take more READING_EVENTS.');
  await Promise.all([writer.close(), reader.close()]);
  await broker.forgetGroup(view.group).catch(() => undefined);
  await broker.forgetGroup(`${view.id}.g${id}`).catch(() => undefined);
  await database.drop();
  return { alone, meanwhile };
}

async function sample(writer: INestApplication, count: number): Promise<number[]> {
  const start = performance.now();
  const written: Promise<{ eventId: string; at: number }>[] = [];
  const write = async (n: number) => {
    const [eventId] = await writer.get(UnitOfWork).run(async () => writer.get(Outbox).add([placedOrder(n)]));
    return { eventId: eventId!, at: performance.now() };
  };
  for (let n = 0; n < count; n++) {
    await pause(Math.max(0, start + (n * 1_000) / LIVE_PER_SECOND - performance.now()));
    written.push(write(n));
  }
  const all = await Promise.all(written);
  for (const end = performance.now() + 20_000; !all.every(({ eventId }) => appliedAt.has(eventId)); await pause(20)) {
    if (performance.now() > end) throw new Error('Void: a live event never reached the view.');
  }
  return all.map(({ eventId, at }) => Math.max(0, appliedAt.get(eventId)! - at));
}
