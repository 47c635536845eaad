import { AllowedTo } from '@nestbox/access';
import { Body, Controller, Get, Param, Put, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OutboxInterceptor } from '@nestbox/eventing';
import { ListProduct } from '../commands/list-product.command.js';
import { ProductNotFound } from '../domain/product.errors.js';
import { GetProduct } from '../read-models/products/get-product.query.js';
import type { ProductDetails } from '../read-models/products/get-product.query.js';
import { ProductAnswer, ProductRequest, Sku } from './products.schemas.js';

@ApiTags('products')
@Controller('products')
@AllowedTo('public')
export class ProductsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Put(':sku')
  @AllowedTo('operator')
  @UseInterceptors(OutboxInterceptor)
  @ApiOperation({ summary: 'List a product', description: 'Its name, its price, and how much of it is physically there.' })
  @ApiOkResponse({ standardSchema: ProductAnswer })
  @ApiConflictResponse({ description: 'ON_HAND_BELOW_RESERVED' })
  async list(
    @Param('sku', { schema: Sku }) sku: string,
    @Body({ schema: ProductRequest }) { name, priceCents, onHand }: ProductRequest,
  ): Promise<ProductDetails> {
    await this.commands.execute(new ListProduct(sku, name, priceCents, onHand));
    return this.get(sku);
  }

  @Get(':sku')
  @ApiOperation({ summary: 'Look at a product and its stock' })
  @ApiOkResponse({ standardSchema: ProductAnswer })
  @ApiNotFoundResponse({ description: 'PRODUCT_NOT_FOUND' })
  async get(@Param('sku', { schema: Sku }) sku: string): Promise<ProductDetails> {
    const product = await this.queries.execute(new GetProduct(sku));
    if (!product) throw new ProductNotFound();
    return product;
  }
}
