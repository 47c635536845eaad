import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { giveBackPlaces, StartedShop, takePlace } from '../support/started-shop.js';
import { percentile } from './figures.js';
import type { Result } from './figures.js';
import { progress } from './progress.js';

/** Each handles an event between an order and its shipping, and publishes the next. */
const ON_THE_WAY = ['inventory', 'payments', 'fulfilment', 'shipping'];
const KILLED_WITHIN_S = 5;
const BROKER_WITHIN_S = 10;
const PATIENCE_MS = 120_000;
/** Light load: an order every so many ms. */
const EVERY_MS = 500;
const SETTLED_MS = 3_000;

/** A shop as `npm start` runs it: how long an order waits for an app that was killed, and for a broker beyond its own start. */
export async function recoveryBench(rounds: number): Promise<Result[]> {
  const results: Result[] = [];
  for (const broker of ['postgres', 'kafka'] as const) {
    const shop = await StartedShop.open({ ...(await takePlace()), args: ['--broker', broker] });
    const load = await lightLoad(shop);
    try {
      const starts: number[] = [];
      const killed = await inTurn(`${broker}: apps killed`, rounds, ON_THE_WAY, (app) => afterKill(shop, app, starts));
      const server = broker === 'kafka' ? 'Kafka' : 'PostgreSQL';
      const restarted = await inTurn(`${broker}: ${server} killed`, rounds, [server], () => afterRestart(shop, server));
      results.push(resultOf(`${broker}: order shipped after SIGKILL of an app`, killed, KILLED_WITHIN_S, { 'until it answers again': starts }));
      results.push(resultOf(`${broker}: order shipped after ${server} is back`, restarted, BROKER_WITHIN_S));
    } finally {
      clearInterval(load);
      await shop.stop('SIGTERM');
    }
  }
  giveBackPlaces();
  return results;
}

function resultOf(name: string, seconds: readonly number[], within: number, more: Result['details'] = {}): Result {
  const p95 = percentile(seconds, 95);
  const details = { p95: [p95], load: loadavg(), ...more };
  return { name, unit: 's', target: `p95 <= ${within} s`, met: p95 <= within, rounds: seconds, details };
}

async function inTurn(what: string, rounds: number, targets: readonly string[], measure: (target: string) => Promise<number>): Promise<number[]> {
  const seconds: number[] = [];
  for (let at = 1; at <= rounds; at++) {
    for (const target of targets) {
      await pause(SETTLED_MS);
      seconds.push((await measure(target)) / 1_000);
      progress(`recovery: ${what}: round ${at} of ${rounds}: ${target} ${seconds.at(-1)!.toFixed(1)} s`);
    }
  }
  return seconds;
}

/** Also sees one order through, so that everything is warm. */
async function lightLoad(shop: StartedShop): Promise<NodeJS.Timeout> {
  const mug = { name: 'Blue mug', priceCents: 1250, onHand: 1_000_000 };
  await insist(() => send(shop, ['inventory', '/products/mug-blue'], 'PUT', mug));
  await untilShipped(shop);
  return setInterval(() => void send(shop, ['checkout', '/orders'], 'POST', anOrder()).catch(() => undefined), EVERY_MS);
}

/** Also notes, in seconds, when the app answered again: the rest is what its consumers and its relay have waited for. */
async function afterKill(shop: StartedShop, app: string, starts: number[]): Promise<number> {
  const pidOf = async () => (await send(shop, [app, '/health/live']))?.pid;
  const pid = Number(await insist(pidOf));
  const began = performance.now();
  process.kill(pid, 'SIGKILL');
  const answered = insist(pidOf).then(() => starts.push((performance.now() - began) / 1_000));
  const shipped = await untilShipped(shop);
  await answered;
  return shipped;
}

async function afterRestart(shop: StartedShop, server: string): Promise<number> {
  const said = () => shop.output.split(`${server} is back`).length;
  const before = said();
  // PostgreSQL's is an immediate shutdown: it recovers as after a crash, and its backends do not outlive it.
  process.kill(shop.pidOf(server === 'Kafka' ? 'kafka' : 'postgres'), server === 'Kafka' ? 'SIGKILL' : 'SIGQUIT');
  await insist(async () => (said() > before ? true : undefined), 20);
  return untilShipped(shop);
}

/** Milliseconds until an order that is placed now has been shipped. */
async function untilShipped(shop: StartedShop): Promise<number> {
  const began = performance.now();
  const key = randomUUID();
  const order = anOrder();
  const { orderId } = await insist(() => send(shop, ['checkout', '/orders'], 'POST', order, key));
  await insist(async () => ((await send(shop, ['checkout', `/orders/${orderId}`]))?.status === 'shipped' ? true : undefined));
  return performance.now() - began;
}

const anOrder = () => ({ userId: 'ada', email: `${randomUUID()}@example.com`, lines: [{ sku: 'mug-blue', quantity: 1 }] });

/** Undefined unless it was done. */
async function send(shop: StartedShop, [app, path]: readonly [string, string], method = 'GET', body?: object, key: string = randomUUID()): Promise<Record<string, string> | undefined> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, connection: 'close', ...shop.operator };
  const response = await fetch(shop.at(app, path), { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(10_000) });
  return response.ok ? ((await response.json()) as Record<string, string>) : undefined;
}

async function insist<T>(ask: () => Promise<T | undefined>, everyMs = 50): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(everyMs)) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
  }
  throw new Error(`The shop has not recovered within ${PATIENCE_MS / 1_000} s.`);
}
