import { Controller } from '@nestjs/common';
import { cents, OrderCancelled, orderId, OrderPlaced, sku, userId } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ProjectsEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';
import { z } from 'zod';
import { wordsOf } from '../words.js';

const Sum = z.object({ orderId, userId, totalCents: cents });
const Basket = Sum.extend({ lines: z.array(z.object({ sku })) });

// The words come from OrderPlaced, the status from later events; either may arrive first.
const PLACE = {
  name: 'search.place-order',
  text: `INSERT INTO orders (order_id, user_id, total_cents, status, words) VALUES ($1, $2, $3, 'placed', $4)
    ON CONFLICT (order_id) DO UPDATE SET words = excluded.words`,
};
const CANCEL = {
  name: 'search.cancel-order',
  text: `INSERT INTO orders (order_id, user_id, total_cents, status, words) VALUES ($1, $2, $3, 'cancelled', $4)
    ON CONFLICT (order_id) DO UPDATE SET status = excluded.status`,
};

const ORDERS = { id: 'search.index-orders', tables: ['orders'], repeatable: true };

/** Indexes orders by customer and products. Email addresses are personal and are not indexed. */
@Controller()
export class OrdersProjection {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(OrderPlaced, { ...ORDERS, reads: Basket })
  async placed({ data }: EventMessage<z.output<typeof Basket>>): Promise<void> {
    const { orderId, userId, totalCents, lines } = data;
    const words = wordsOf([userId, ...lines.map(({ sku }) => sku)].join(' ')).join(' ');
    this.unitOfWork.write({ ...PLACE, values: [orderId, userId, totalCents, words] });
  }

  @ProjectsEvent(OrderCancelled, { ...ORDERS, reads: Sum })
  async cancelled({ data }: EventMessage<z.output<typeof Sum>>): Promise<void> {
    const { orderId, userId, totalCents } = data;
    this.unitOfWork.write({ ...CANCEL, values: [orderId, userId, totalCents, wordsOf(userId).join(' ')] });
  }
}
