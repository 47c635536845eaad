import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { FindOrders } from '../read-models/orders/find-orders.query.js';
import type { FoundOrder } from '../read-models/orders/find-orders.query.js';
import { FindProducts } from '../read-models/products/find-products.query.js';
import type { FoundProduct } from '../read-models/products/find-products.query.js';
import { SearchAnswer, SearchRequest } from './search.schemas.js';

@ApiTags('search')
@Controller('search')
export class SearchController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'Find products and orders', description: 'Up to 20 of each, the closest first; typos are forgiven.' })
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
