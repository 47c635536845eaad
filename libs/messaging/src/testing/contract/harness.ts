import { randomBytes } from 'node:crypto';
import { eventually } from '@nestbox/kernel/testing';
import type { Broker, OutgoingRecord, PartitionLag, SubscribeOptions, Subscription } from '../../broker/broker.js';

export interface BrokerHarness {
  /** A connected broker, independent of others as in a separate process. The suite closes it. */
  broker(): Promise<Broker>;
  /** Makes the group treat all its members as dead, although they are alive. */
  expel(group: string): Promise<void>;
  /**
   * Makes the group's coordinator disown its members and turn away the next two who join, as while it loads. Resolves to a
   * counter of those that were turned away.
   */
  reload(group: string): Promise<() => Promise<number>>;
  close(): Promise<void>;
}

export const SESSION_TIMEOUT_MS = 6_000;

/** The brokers, topic and groups of one test. Names are unique, so tests do not share a topic on a real broker. */
export class Scene {
  private readonly suffix = randomBytes(4).toString('hex');
  private readonly brokers: Broker[] = [];
  readonly orders = `checkout.orders-${this.suffix}`;

  constructor(private readonly harness: BrokerHarness) {}

  group(name: string): string {
    return `${name}-${this.suffix}`;
  }

  async broker(): Promise<Broker> {
    const broker = await this.harness.broker();
    this.brokers.push(broker);
    return broker;
  }

  /** A broker that has the orders topic. */
  async shop(partitions: number): Promise<Broker> {
    const broker = await this.broker();
    await broker.ensureTopics([{ name: this.orders, partitions }]);
    return broker;
  }

  order(key: string, value: string | Buffer | null, headers: Record<string, string> = {}): OutgoingRecord {
    return { topic: this.orders, key, value, headers };
  }

  subscribe(broker: Broker, options: Omit<SubscribeOptions, 'topics'>): Promise<Subscription> {
    return broker.subscribe({ topics: [this.orders], sessionTimeoutMs: SESSION_TIMEOUT_MS, ...options });
  }

  /** Committed offset and lag of the only partition. */
  async lag(broker: Broker, group: string): Promise<PartitionLag> {
    const [lag] = await broker.lag(group, [this.orders]);
    return lag;
  }

  async caughtUp(broker: Broker, group: string): Promise<void> {
    await eventually(async () => {
      const behind = (await broker.lag(group, [this.orders])).filter(({ lag }) => lag > 0);
      expect(behind).toEqual([]);
    }, { timeoutMs: 30_000 });
  }

  async close(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.close()));
  }
}

/** A promise that the test resolves. It holds a handler at a chosen point. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
