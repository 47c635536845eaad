import { Broker } from '@nestbox/eventing';
import type { OutgoingRecord, SubscribeOptions, Subscription } from '@nestbox/eventing';

/** Passes everything on and notes when how much went by. */
export class MeteredBroker extends Broker {
  override readonly system: string;
  published = 0;
  handled = 0;
  private firstAt = 0;
  private waiting: { count: number; resolve: () => void } | undefined;

  constructor(private readonly inner: Broker) {
    super();
    this.system = inner.system;
  }

  /** Resolves with the ms between the first record and the `count`-th, published and handled ones counted together. */
  async after(count: number): Promise<number> {
    await new Promise<void>((resolve) => {
      this.waiting = { count, resolve };
    });
    return performance.now() - this.firstAt;
  }

  override async publish(records: readonly OutgoingRecord[]): Promise<void> {
    this.firstAt ||= performance.now();
    await this.inner.publish(records);
    this.published += records.length;
    this.check();
  }

  override subscribe(options: SubscribeOptions): Promise<Subscription> {
    return this.inner.subscribe({
      ...options,
      handler: async (batch, control) => {
        this.firstAt ||= performance.now();
        await options.handler(batch, control);
        this.handled += batch.records.length;
        this.check();
      },
    });
  }

  private check(): void {
    if (this.waiting && this.published + this.handled >= this.waiting.count) this.waiting.resolve();
  }

  override connect = () => this.inner.connect();
  override ensureTopics = (...args: Parameters<Broker['ensureTopics']>) => this.inner.ensureTopics(...args);
  override lag = (...args: Parameters<Broker['lag']>) => this.inner.lag(...args);
  override owned = (...args: Parameters<Broker['owned']>) => this.inner.owned(...args);
  override bounds = (...args: Parameters<Broker['bounds']>) => this.inner.bounds(...args);
  override offsetsAt = (...args: Parameters<Broker['offsetsAt']>) => this.inner.offsetsAt(...args);
  override read = (...args: Parameters<Broker['read']>) => this.inner.read(...args);
  override seek = (...args: Parameters<Broker['seek']>) => this.inner.seek(...args);
  override forgetGroup = (...args: Parameters<Broker['forgetGroup']>) => this.inner.forgetGroup(...args);
  override problem = () => this.inner.problem();
  override close = () => this.inner.close();
}
