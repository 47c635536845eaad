import { eventually } from '@nestbox/eventing/testing';
import type { Purchase } from './customer.js';
import type { Shop } from './shop.js';
import { everythingOn } from './topics.js';
import type { Told } from './topics.js';

interface Mail {
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly eventId: string;
}

/** Every topic that an order's way leads over. */
const hops = [
  'checkout.orders',
  'inventory.reservations',
  'payments.commands',
  'payments.payments',
  'shipping.commands',
  'shipping.shipments',
];

/** What the shop's doors and topics say of orders. */
export class WhatIsSeen {
  constructor(private readonly shop: Shop) {}

  async mailsFor(orderId: string): Promise<Mail[]> {
    return (await this.shop.app('email').get<Mail[]>(`/emails?orderId=${orderId}`)).body;
  }

  async kindsFor(orderId: string): Promise<string[]> {
    return (await this.mailsFor(orderId)).map(({ kind }) => kind).sort();
  }

  /** Pieces that are reserved or shipped. */
  async taken(sku: string): Promise<number> {
    const { body } = await this.shop.app('inventory').get<{ reserved: number; shipped: number }>(`/products/${sku}`);
    return body.reserved + body.shipped;
  }

  /** Today's. */
  async revenue(): Promise<{ orders: number; totalCents: number }> {
    const { body } = await this.shop.app('analytics').get<{ period: string; orders: number; totalCents: number }[]>('/reports/revenue');
    const today = body.find(({ period }) => period.startsWith(new Date().toISOString().slice(0, 10)));
    return { orders: today?.orders ?? 0, totalCents: today?.totalCents ?? 0 };
  }

  async found(orderId: string): Promise<unknown[]> {
    return (await this.shop.app('search').get<{ orders: unknown[] }>(`/search?q=${orderId}`)).body.orders;
  }

  async toldOf({ orderId }: Pick<Purchase, 'orderId'>): Promise<Told[]> {
    const told = await everythingOn(await this.shop.broker(), hops);
    return told.filter(({ record }) => String(record.key) === orderId);
  }

  /** Waits for it. */
  statusIs(orderId: string, status: string): Promise<void> {
    return eventually(
      async () => expect((await this.shop.app('checkout').get(`/orders/${orderId}`)).body).toMatchObject({ status }),
      { timeoutMs: 20_000 },
    );
  }
}
