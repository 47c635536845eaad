import { Controller, Inject } from '@nestjs/common';
import type { INestApplication, Type } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { createBroker, DeadLetters, HandlesEvent, ProjectsEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import type { Client } from 'pg';
import { spread } from './figures.js';
import type { Result } from './figures.js';
import { MeteredBroker } from './metered.broker.js';
import { preload } from './preload.js';
import { progress } from './progress.js';
import { createTopic, deleteTopic } from './raw-kafka.js';
import { freshDatabase, kafkaBrokers, startContext } from './setting.js';
import type { OrderPlaced as OrderData } from './shop.js';
import { OrderPlaced } from './shop.js';
import { ORDER_UPSERT } from './statements.js';

const TOPIC = 'checkout.orders';
const EVENTS = 10_000;
const POISONED = EVENTS / 10_000;

/** Orders that no handler below can handle. */
const poison = new Set<string>();

class Poisonable {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  protected handle({ data: { orderId, totalCents } }: EventMessage<OrderData>): void {
    if (poison.has(orderId)) throw new TypeError('cannot be handled');
    this.unitOfWork.write({ ...ORDER_UPSERT, values: [orderId, totalCents] });
  }
}

@Controller()
class OrderProjection extends Poisonable {
  @ProjectsEvent(OrderPlaced, { id: 'bench.orders' })
  placed(event: EventMessage<OrderData>): void {
    this.handle(event);
  }
}

@Controller()
class OrderReaction extends Poisonable {
  @HandlesEvent(OrderPlaced, { id: 'bench.order-by-order' })
  async placed(event: EventMessage<OrderData>): Promise<void> {
    this.handle(event);
  }
}

/** The same stream without and with one event in ten thousand that cannot be handled. */
export async function poisonBench(rounds: number): Promise<Result[]> {
  const database = await freshDatabase();
  await createTopic(TOPIC);
  await publishAll(database.url);
  const ids = await idsOf(database);
  const results: Result[] = [];
  for (const [kind, handler] of [['projection', OrderProjection], ['reaction', OrderReaction]] as const) {
    const [clean, poisoned]: [number[], number[]] = [[], []];
    for (let at = 0; at <= rounds; at++) {
      progress(`poison, ${kind}: round ${at} of ${rounds}${at === 0 ? ' (warm-up)' : ''}`);
      // Mirrored, so that whatever drifts on the machine hits both alike.
      const ms = { clean: 0, poisoned: 0 };
      for (const run of ['clean', 'poisoned', 'poisoned', 'clean'] as const) {
        ms[run] += await consume(database, handler, run === 'clean' ? [] : ids);
      }
      if (at === 0) continue;
      clean.push((2_000 * EVENTS) / ms.clean);
      poisoned.push((2_000 * EVENTS) / ms.poisoned);
    }
    results.push(line(kind, clean, poisoned));
  }
  await deleteTopic(TOPIC);
  await database.drop();
  return results;
}

function line(kind: string, clean: number[], poisoned: number[]): Result {
  const rounds = poisoned.map((rate, n) => (100 * rate) / clean[n]!);
  const name = `${kind}: 1 poison event among 10,000 / a clean run`;
  return { name, unit: '%', target: '>= 95 %', met: spread(rounds).median >= 95, rounds, details: { clean, poisoned } };
}

async function kafka(): Promise<MeteredBroker> {
  return new MeteredBroker(await createBroker({ kind: 'kafka', brokers: kafkaBrokers }, 'bench'));
}

async function publishAll(url: string): Promise<void> {
  const broker = await kafka();
  await preload(url, await kafka(), EVENTS);
  const published = broker.after(EVENTS);
  const app = await startContext({ url, broker });
  await published;
  await app.close();
}

/** Orders evenly spread over the stream. */
async function idsOf({ client }: { client: Client }): Promise<string[]> {
  const step = EVENTS / POISONED;
  const { rows } = await client.query('SELECT key FROM nestbox.outbox ORDER BY id');
  return Array.from({ length: POISONED }, (_, n) => rows[Math.floor((n + 0.5) * step)].key);
}

/** Milliseconds until every event is handled or set aside. */
async function consume({ url, client }: { url: string; client: Client }, handler: Type, poisoned: string[]): Promise<number> {
  await client.query('TRUNCATE nestbox.inbox, nestbox.parked_keys, nestbox.dead_letters, orders');
  await client.query('CHECKPOINT');
  poison.clear();
  for (const id of poisoned) poison.add(id);
  const broker = await kafka();
  const handled = broker.after(EVENTS);
  const group = `bench-${process.pid}-${Math.round(performance.now())}`;
  const app = await startContext({ url, broker, group, handlers: [handler], relay: { enabled: false } });
  const ms = await handled;
  await check(client, app, poisoned.length);
  await app.close();
  return ms;
}

/** Exactly the poisoned keys are parked; mended and redriven, every event has had its effect. */
async function check(client: Client, app: INestApplication, poisoned: number): Promise<void> {
  const parked = await client.query('SELECT count(*)::int AS n FROM nestbox.parked_keys');
  const effects = 'SELECT count(*)::int AS n FROM orders';
  const before = await client.query(effects);
  poison.clear();
  await app.get(DeadLetters).redrive({}, { actor: 'bench', reason: 'mended' });
  const after = await client.query(effects);
  const counts = [parked, before, after].map(({ rows }) => rows[0].n as number);
  if (counts.join() !== [poisoned, EVENTS - poisoned, EVENTS].join()) {
    throw new Error(`Void: parked keys, effects before and after the redrive were ${counts.join(', ')} for ${poisoned} poisoned of ${EVENTS}.`);
  }
}
