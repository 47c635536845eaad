import { setTimeout as pause } from 'node:timers/promises';
import { UnitOfWork } from '@nestbox/database';
import { Outbox, Projections, ProjectionWaits, waitablesIn } from '@nestbox/eventing';
import { percentile, spread } from './figures.js';
import type { Result } from './figures.js';
import { liveDelays } from './live-delays.js';
import { preload } from './preload.js';
import { progress } from './progress.js';
import { rawConsume } from './raw-consume.js';
import { createTopic, deleteTopic } from './raw-kafka.js';
import { appliedAt, kafka, PeriodState, RevenueFromStates, RevenueView, TOPIC, topics, view } from './reading-shop.js';
import { freshDatabase, startContext } from './setting.js';
import { OrderPlaced, placedOrder } from './shop.js';

/** The million with READING_EVENTS=1000000. */
const EVENTS = Number(process.env.READING_EVENTS ?? 120_000);
/** So many events are in one state. */
const EVENTS_PER_STATE = 15;
const WAITS = 500;
/** A rebuild has to last longer than these take to come in. */
const LIVE_EVENTS = Math.min(2_000, EVENTS / 150);

/** Records per second; ms where a start or an end is in it. */
type Rates = Record<'raw' | 'byHand' | 'rebuilt' | 'untilLive' | 'replay' | 'bootstrap', number[]>;

/** What it costs to wait for a view, to rebuild it, and to begin with states. */
export async function readingBench(rounds: number): Promise<Result[]> {
  const rates: Rates = { raw: [], byHand: [], rebuilt: [], untilLive: [], replay: [], bootstrap: [] };
  const overhead = { p50: [] as number[], p99: [] as number[] };
  const live = { alone: [] as number[], meanwhile: [] as number[] };
  const source = await freshDatabase();
  await createTopic(TOPIC);
  await fill(source.url);
  for (let at = 1; at <= rounds; at++) {
    progress(`reading: round ${at} of ${rounds}`);
    rates.raw.push(await rawConsume(TOPIC, EVENTS));
    await rebuild(rates);
    rates.replay.push(await fromNothing(RevenueView));
    rates.bootstrap.push(await fromNothing(RevenueFromStates));
    const delays = await waits(source.url);
    overhead.p50.push(percentile(delays, 50));
    overhead.p99.push(percentile(delays, 99));
    const { alone, meanwhile } = await liveDelays(source.url, LIVE_EVENTS);
    live.alone.push(percentile(alone, 99));
    live.meanwhile.push(percentile(meanwhile, 99));
  }
  await source.drop();
  await deleteTopic(TOPIC);
  await deleteTopic(PeriodState.topic);
  const share = rates.rebuilt.map((rate, n) => (100 * rate) / rates.raw[n]!);
  const likeness = rates.rebuilt.map((rate, n) => (100 * rate) / rates.byHand[n]!);
  const slowed = live.meanwhile.map((ms, n) => ms / live.alone[n]!);
  const gain = rates.replay.map((ms, n) => ms / rates.bootstrap[n]!);
  return [
    { name: 'rebuild with a set handler / raw eachBatch that only counts', unit: '%', target: '>= 60 %', met: spread(share).median >= 60, rounds: share, details: rates },
    { name: 'rebuild with a set handler / raw eachBatch, same effect', unit: '%', target: '-', met: true, rounds: likeness, details: rates },
    { name: 'full replay / begin with states, start to caught up', unit: 'x', target: '-', met: true, rounds: gain, details: rates },
    { name: "wait, beyond the view's own commit, p50", unit: 'ms', target: '-', met: true, rounds: overhead.p50, details: overhead },
    { name: "wait, beyond the view's own commit, p99", unit: 'ms', target: '-', met: true, rounds: overhead.p99, details: overhead },
    { name: 'live events while a view is rebuilt / while none is, p99', unit: 'x', target: '<= 2', met: spread(slowed).median <= 2, rounds: slowed, details: live },
  ];
}

async function fill(url: string): Promise<void> {
  await preload(url, await kafka(), EVENTS);
  const broker = await kafka();
  const states = Math.floor(EVENTS / EVENTS_PER_STATE);
  const published = broker.after(EVENTS + states);
  const app = await startContext({ url, broker, topics });
  await broker.ensureTopics(topics);
  for (let n = 0; n < states; n += 1_000) {
    await app.get(UnitOfWork).run(async () => {
      for (let k = n; k < Math.min(states, n + 1_000); k++) {
        app.get(Outbox).keep(PeriodState, { key: `p-${k}`, version: EVENTS_PER_STATE, data: { period: `p-${k}`, totalCents: 1_000 } });
      }
    });
  }
  await published;
  await app.close();
}

/** Its live group has nothing to do: what is measured is the building alone. */
async function rebuild(rates: Rates): Promise<void> {
  const database = await freshDatabase();
  rates.byHand.push(await rawConsume(TOPIC, EVENTS, 'revenue in sets', database.url));
  await database.client.query('TRUNCATE revenue');
  const broker = await kafka();
  const ends = (await broker.bounds([TOPIC])).map(({ end }) => end);
  await broker.seek(view.group, TOPIC, ends);
  const app = await startContext({ url: database.url, broker, topics, handlers: [RevenueView], relay: { enabled: false } });
  const built = broker.after(EVENTS);
  const started = performance.now();
  const projections = app.get(Projections);
  const { id } = await projections.rebuild(view.id, { actor: 'bench', reason: 'to see how long it takes', share: 1 });
  rates.rebuilt.push((1000 * EVENTS) / (await built));
  while ((await projections.state(id))!.status !== 'live') await pause(100);
  rates.untilLive.push(performance.now() - started);
  await app.close();
  await broker.forgetGroup(view.group);
  const { rows } = await database.client.query('SELECT sum(orders)::int AS n FROM revenue');
  await database.drop();
  if (rows[0].n < EVENTS) throw new Error(`Void: ${rows[0].n} of ${EVENTS} events are in the view.`);
}

/** ms from the start of an app that has never been until its view has everything. */
async function fromNothing(handler: typeof RevenueView): Promise<number> {
  const database = await freshDatabase();
  const broker = await kafka();
  const started = performance.now();
  const app = await startContext({ url: database.url, broker, topics, handlers: [handler], relay: { enabled: false } });
  for (let behind = true; behind; await pause(20)) {
    behind = (await broker.lag(view.group, [TOPIC])).some(({ committed, end }) => BigInt(committed ?? 0) < BigInt(end));
  }
  const ms = performance.now() - started;
  await app.close();
  await broker.forgetGroup(view.group);
  await database.drop();
  return ms;
}

/** ms from the commit of the view's transaction until a wait for the event is answered. */
async function waits(url: string): Promise<number[]> {
  const database = await freshDatabase();
  const broker = await kafka();
  await broker.seek(view.group, TOPIC, (await broker.bounds([TOPIC])).map(({ end }) => end));
  const writer = await startContext({ url, broker: await kafka(), topics });
  const reader = await startContext({ url: database.url, broker, topics, handlers: [RevenueView], relay: { enabled: false } });
  const waitables = waitablesIn(RevenueView);
  const delays: Promise<number>[] = [];
  for (let n = 0; n < WAITS; n++) {
    const ids = await writer.get(UnitOfWork).run(async () => writer.get(Outbox).add([placedOrder(n)]));
    const position = ids.map((eventId) => ({ eventId, eventType: OrderPlaced.type }));
    const wait = reader.get(ProjectionWaits).until(position, waitables, { timeoutMs: 20_000 });
    delays.push(wait.then(() => performance.now() - appliedAt.get(ids[0]!)!));
    await pause(10);
  }
  const measured = await Promise.all(delays);
  await Promise.all([writer.close(), reader.close()]);
  await broker.forgetGroup(view.group).catch(() => undefined);
  await database.drop();
  return measured;
}
