import { DeadLetters } from '@nestbox/consumer';
import { uuid7 } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import { InMemoryBroker, InMemoryLog } from '@nestbox/messaging/testing';
import type { Type } from '@nestjs/common';
import { Poison } from './poison.fixture.js';
import { RunningContext } from './running-context.fixture.js';
import type { ContextOptions } from './running-context.fixture.js';

export interface Parked {
  readonly id: string;
  readonly handler: string;
  readonly key: string;
  readonly aggregate_version: number;
  readonly status: string;
  readonly reason: string;
}

/** One log and one database, and consumers that come and go on them. Events are published by hand, without an outbox. */
export class ShopUnderPoison {
  readonly poison = new Poison();
  readonly log = new InMemoryLog();
  private readonly publisher = new InMemoryBroker(this.log);
  private readonly contexts: RunningContext[] = [];
  private readonly versions = new Map<string, number>();

  static async open(handlers: readonly Type[], options: Partial<ContextOptions> = {}): Promise<ShopUnderPoison> {
    const shop = new ShopUnderPoison();
    await shop.start(handlers, options);
    return shop;
  }

  async start(handlers: readonly Type[], options: Partial<ContextOptions> = {}): Promise<RunningContext> {
    const database = this.contexts[0]?.database;
    const broker = new InMemoryBroker(this.log);
    const relay = { enabled: false };
    const context = await RunningContext.start({ broker, handlers: [...handlers], database, relay, ...options });
    this.contexts.push(context);
    return context;
  }

  get context(): RunningContext {
    return this.contexts.at(-1)!;
  }

  get letters(): DeadLetters {
    return this.context.app.get(DeadLetters);
  }

  /** The next event of each key, in the order given: version 1 is its placing, each later one a cancelling. */
  async publish(...keys: string[]): Promise<void> {
    await this.publisher.publish(
      keys.map((key) => {
        const version = (this.versions.get(key) ?? 0) + 1;
        this.versions.set(key, version);
        return record(key, version);
      }),
    );
  }

  publishRaw(key: string, value: string, headers: Record<string, string> = {}): Promise<void> {
    return this.publisher.publish([{ topic: 'checkout.orders', key, value, headers }]);
  }

  caughtUp(group = 'checkout'): Promise<void> {
    return eventually(async () => {
      const ends = await this.publisher.lag(group, ['checkout.orders']);
      expect(ends.reduce((sum, { lag }) => sum + lag, 0)).toBe(0);
    }, { timeoutMs: 30_000 });
  }

  /** The versions that a handler has had of a key, in the order of their effects. */
  async versionsOf(handler: string, key: string): Promise<number[]> {
    return (await this.context.effects(handler)).filter((effect) => effect.key === key).map(({ version }) => version);
  }

  parked(handler: string): Promise<Parked[]> {
    return this.context.query<Parked>(
      `SELECT id::text, handler, key, aggregate_version, status, reason FROM nestbox.dead_letters WHERE handler = $1 ORDER BY position, id`,
      [handler],
    );
  }

  async parkedKeys(): Promise<string[]> {
    return (await this.context.query<{ key: string }>('SELECT key FROM nestbox.parked_keys ORDER BY key')).map(({ key }) => key);
  }

  async close(): Promise<void> {
    const [first, ...others] = this.contexts;
    for (const context of others.reverse()) await context.app.close();
    await first?.stop();
  }
}

export function record(key: string, version: number, change: object = {}) {
  const type = version === 1 ? 'OrderPlaced' : 'OrderCancelled';
  const envelope = {
    eventId: uuid7(),
    eventType: type,
    eventVersion: 1,
    occurredAt: new Date().toISOString(),
    traceId: '0af7651916cd43dd8448eb211c80319c',
    correlationId: `story-of-${key}`,
    causationId: `story-of-${key}`,
    producer: 'checkout',
    aggregateVersion: version,
    data: { orderId: key, totalCents: 100 * version },
    ...change,
  };
  return { topic: 'checkout.orders', key, value: JSON.stringify(envelope), headers: { ce_type: `checkout.${type}.v1` } };
}
