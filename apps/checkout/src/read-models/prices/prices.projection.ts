import { Controller } from '@nestjs/common';
import { ProductListed } from '@nestbox/contracts';
import { UnitOfWork } from '@nestbox/database';
import { ProjectsEvent } from '@nestbox/eventing';
import type { EventMessage } from '@nestbox/eventing';

// The WHERE clause ignores an older listing that arrives late.
const KEEP_LATEST = {
  name: 'checkout.keep-price',
  text: `INSERT INTO prices (sku, price_cents, listing) VALUES ($1, $2, $3)
    ON CONFLICT (sku) DO UPDATE SET price_cents = excluded.price_cents, listing = excluded.listing
    WHERE prices.listing < excluded.listing`,
};

/** Checkout's own copy of all prices, so that placing an order needs no other context. */
@Controller()
export class PricesProjection {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @ProjectsEvent(ProductListed, { id: 'checkout.keep-prices', tables: ['prices'], repeatable: true })
  async listed({ data, aggregateVersion }: EventMessage<ProductListed>): Promise<void> {
    this.unitOfWork.write({ ...KEEP_LATEST, values: [data.sku, data.priceCents, aggregateVersion] });
  }
}
