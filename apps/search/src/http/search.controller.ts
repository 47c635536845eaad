import { AllowedTo } from '@nestbox/access';
import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswersFrom } from '@nestbox/eventing';
import { FindOrders } from '../read-models/orders/find-orders.query.js';
import type { FoundOrder } from '../read-models/orders/find-orders.query.js';
import { FindProducts } from '../read-models/products/find-products.query.js';
import type { FoundProduct } from '../read-models/products/find-products.query.js';
import { OrdersProjection } from '../read-models/orders/orders.projection.js';
import { ProductsProjection } from '../read-models/products/products.projection.js';
import { SearchAnswer, SearchRequest } from './search.schemas.js';

@ApiTags('search')
@Controller('search')
@AllowedTo('viewer')
export class SearchController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @AnswersFrom(OrdersProjection, ProductsProjection)
  @ApiOperation({ summary: 'Find products and orders', description: 'Up to 20 of each, the closest first; typos are forgiven.' })
  @ApiHeader({ name: 'Nestbox-After', required: false, description: 'Nestbox-Position of a write that the answer must know of' })
  @ApiHeader({ name: 'Prefer', required: false, description: 'wait=2: for so many seconds at most; respond-async: rather 202 than stale' })
  @ApiAcceptedResponse({ description: 'Not yet, and the caller would rather know than read something old' })
  @ApiOkResponse({ standardSchema: SearchAnswer })
  async search(
    @Query({ schema: SearchRequest }) { q }: SearchRequest,
  ): Promise<{ products: readonly FoundProduct[]; orders: readonly FoundOrder[] }> {
    const [products, orders] = await Promise.all([
      this.queries.execute(new FindProducts(q)),
      this.queries.execute(new FindOrders(q)),
    ]);
    return { products, orders };
  }
}
