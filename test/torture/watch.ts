import { setTimeout as pause } from 'node:timers/promises';
import { topics as everyTopic } from '@nestbox/contracts';
import { apps } from '../support/shop-parts.js';
import type { Shop } from '../support/shop.js';
import type { StockRow } from './laws.js';

export interface Sample {
  /** Seconds from the start of the load. */
  readonly at: number;
  /** Confirmed until then. */
  readonly orders: number;
  /** Events that groups have still to read; nothing while the broker does not answer. */
  readonly lag?: number;
}

const EVERY_MS = 1_000;
const LAG_PATIENCE_MS = 3_000;
/** The orders that are looked for are the latest: a look must not get slower with the run. */
const LOOKED_FOR = 50;

/** Looks at the shop from outside while it is tortured. A look that fails says nothing: what it looks at may be away. */
export class Watch {
  readonly samples: Sample[] = [];
  readonly stock: StockRow[][] = [];
  readonly looks: { missing: string[] }[] = [];
  private over = false;
  private readonly watching: Promise<unknown>;

  constructor(
    private readonly shop: Shop,
    private readonly secondsPassed: () => number,
  ) {
    this.watching = Promise.all([this.repeat(() => this.sample()), this.repeat(() => this.lookAtStock()), this.repeat(() => this.lookForOrders())]);
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.watching;
  }

  private async repeat(look: () => Promise<void>): Promise<void> {
    while (!this.over) {
      await look().catch(() => undefined);
      await pause(EVERY_MS);
    }
  }

  private async sample(): Promise<void> {
    const { length: orders } = this.shop.purchases;
    const at = Math.round(this.secondsPassed());
    const lag = await Promise.race([this.lag().catch(() => undefined), pause(LAG_PATIENCE_MS, undefined)]);
    this.samples.push({ at, orders, lag });
  }

  private async lag(): Promise<number> {
    const broker = await this.shop.broker();
    const names = everyTopic.map(({ name }) => name);
    const lags = await Promise.all(apps.map((group) => broker.lag(group, names)));
    // A group that does not read a topic has no position in it.
    const read = lags.flat().filter(({ committed }) => committed !== null && committed !== undefined);
    return read.reduce((sum, { lag }) => sum + lag, 0);
  }

  private async lookAtStock(): Promise<void> {
    this.stock.push(await this.shop.query<StockRow>('inventory', 'SELECT sku, on_hand AS there, reserved, shipped FROM stock'));
  }

  private async lookForOrders(): Promise<void> {
    const ids = this.shop.purchases.slice(-LOOKED_FOR).map(({ orderId }) => orderId);
    const rows = await this.shop.query<{ id: string }>('checkout', 'SELECT order_id::text AS id FROM orders WHERE order_id = ANY ($1)', [ids]);
    const there = new Set(rows.map(({ id }) => id));
    this.looks.push({ missing: ids.filter((id) => !there.has(id)) });
  }
}
